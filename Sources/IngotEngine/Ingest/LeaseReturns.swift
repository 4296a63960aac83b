package import IngotCore
import Synchronization

/// Gives objects back that a failed batch held; what the state refuses is tried again.
///
/// The process lives on, so nobody else takes over what it holds.
package final class LeaseReturns: Sendable {
    private struct Return: Sendable {
        var lease: Lease
        var outcomes: [BatchCommit.Outcome]
    }

    private let owed = Mutex<[Return]>([])

    package init() {}

    /// Gives the objects of a lease back, now or at the next ``retry(on:)``.
    package func giveBack(_ lease: Lease, _ outcomes: [BatchCommit.Outcome], to ledger: any Ledger) async {
        owed.withLock { $0.append(Return(lease: lease, outcomes: outcomes)) }
        await retry(on: ledger)
    }

    /// Gives back what could not be given back before.
    package func retry(on ledger: any Ledger) async {
        for item in owed.withLock({ $0 }) {
            do {
                try await ledger.release(item.lease, outcomes: item.outcomes)
            } catch let error as IngotError where error.code == .leaseLost {
                // Somebody has taken them already.
            } catch {
                continue
            }
            owed.withLock { owed in owed.removeAll { $0.lease == item.lease } }
        }
    }
}
