public import IngotCore
public import IngotEngine
public import IngotProject

extension LocalEngine {
    /// What sends notifications to the targets of the project's environment.
    ///
    /// - Parameters:
    ///   - project: The project.
    ///   - log: Writes those that go to the log.
    /// - Returns: The router; nothing is sent yet.
    public func notificationRouter(
        of project: Project,
        log: @escaping @Sendable (Notice) -> Void
    ) -> NotificationRouter {
        NotificationRouter(
            project.environment.notifications.compactMapValues { target -> (any Notifier)? in
                switch target.transport {
                case .log: LogNotifier(write: log)
                case .webhook(let url, let headers, let token):
                    WebhookNotifier(name: target.name, url: url, headers: headers, token: token, resolver: resolver)
                case .slack(let url): SlackNotifier(name: target.name, url: url, resolver: resolver)
                case .command(let arguments, let variables):
                    CommandNotifier(
                        name: target.name,
                        program: ExternalProgram(
                            arguments: arguments,
                            variables: variables,
                            directory: project.directory,
                            scratch: scratchFolder,
                            resolver: resolver
                        )
                    )
                // A project with such a target is not valid in this version.
                case .smtp, .sns: nil
                }
            },
            at: project.environment.notifications.mapValues(\.name.location)
        )
    }
}
