/// The right of one run to commit a batch, until it expires or another run takes it over.
public struct Lease: Sendable, Hashable {
    /// The batch.
    public var loadID: String
    /// Who holds it.
    public var owner: LeaseOwner
    /// Grows with every lease given: a holder with an older token cannot commit.
    public var token: Int64

    /// Makes a lease.
    public init(loadID: String, owner: LeaseOwner, token: Int64) {
        self.loadID = loadID
        self.owner = owner
        self.token = token
    }
}

/// A process that holds leases, so that another one can tell whether it still lives.
public struct LeaseOwner: Sendable, Hashable {
    /// The machine's name and boot.
    public var host: String
    /// The process's number on it.
    public var process: Int32
    /// When the process began, to tell a number that was given again.
    public var start: String

    /// Names a process.
    public init(host: String, process: Int32, start: String) {
        self.host = host
        self.process = process
        self.start = start
    }
}
