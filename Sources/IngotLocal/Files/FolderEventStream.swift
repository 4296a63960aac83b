#if canImport(CoreServices)
import CoreServices
import Dispatch
import Foundation

/// The events of FSEvents below one folder, until this is released.
final class FolderEventStream {
    /// What the system's stream holds, and calls.
    private final class Listener: Sendable {
        let tell: @Sendable ([FolderEvent]) -> Void

        init(_ tell: @escaping @Sendable ([FolderEvent]) -> Void) {
            self.tell = tell
        }
    }

    /// For how long events are gathered after the first, in seconds.
    private static let latency = 0.02

    private let queue = DispatchQueue(label: "ingot.watch")
    private let stream: FSEventStreamRef

    /// Starts to tell what happens from now on; `nil` where the system cannot.
    ///
    /// - Parameters:
    ///   - folder: Its path without links.
    ///   - tell: Is told of events, one call after the other.
    init?(of folder: String, _ tell: @escaping @Sendable ([FolderEvent]) -> Void) {
        let listener = Listener(tell)
        // The stream retains the listener when it is made, and releases it when it is gone.
        var context = FSEventStreamContext(
            version: 0,
            info: Unmanaged.passUnretained(listener).toOpaque(),
            retain: { info in
                guard let info else { return nil }
                return UnsafeRawPointer(Unmanaged<Listener>.fromOpaque(info).retain().toOpaque())
            },
            release: { info in
                guard let info else { return }
                Unmanaged<Listener>.fromOpaque(info).release()
            },
            copyDescription: nil
        )
        let callback: FSEventStreamCallback = { _, info, count, paths, flags, _ in
            guard let info else { return }
            // Without kFSEventStreamCreateFlagUseCFTypes these are C strings.
            let names = paths.assumingMemoryBound(to: UnsafePointer<CChar>.self)
            let events = (0..<count).map { index in
                FolderEvent(
                    path: String(validatingCString: names[index]),
                    flags: FolderEvent.Flags(rawValue: flags[index])
                )
            }
            Unmanaged<Listener>.fromOpaque(info).takeUnretainedValue().tell(events)
        }
        let made = withExtendedLifetime(listener) {
            FSEventStreamCreate(
                nil,
                callback,
                &context,
                [folder] as CFArray,
                FSEventStreamEventId(kFSEventStreamEventIdSinceNow),
                Self.latency,
                FSEventStreamCreateFlags(
                    kFSEventStreamCreateFlagFileEvents | kFSEventStreamCreateFlagNoDefer
                        | kFSEventStreamCreateFlagWatchRoot
                )
            )
        }
        guard let made else { return nil }
        FSEventStreamSetDispatchQueue(made, queue)
        guard FSEventStreamStart(made) else {
            FSEventStreamInvalidate(made)
            FSEventStreamRelease(made)
            return nil
        }
        stream = made
    }

    deinit {
        // On its queue, so that it tells nothing meanwhile.
        queue.sync {
            FSEventStreamStop(stream)
            FSEventStreamInvalidate(stream)
            FSEventStreamRelease(stream)
        }
    }
}
#endif
