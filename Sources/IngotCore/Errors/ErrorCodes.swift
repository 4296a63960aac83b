// The catalogue of error numbers. 01xx project files, 02xx setup and environment, 03xx reading objects,
// 04xx tables and commits, 05xx models, 06xx state, 07xx catalog service, 08xx commands.

extension ErrorCode {
    /// Every number, in order.
    public static let all: [ErrorCode] = tables + state
}
