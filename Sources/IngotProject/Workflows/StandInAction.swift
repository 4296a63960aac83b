public import JSONTree
public import StatesLanguage

/// What tasks can ask of a service for which something of the project stands.
public protocol StandInAction: RawRepresentable<String>, CaseIterable, Sendable {
    /// The service and what stands for it, as messages name them.
    static var standIn: StandIn { get }

    /// The services in the resources of tasks.
    static var services: Set<String> { get }

    /// Members of requests that say how the service is to work or to account for it, which nothing of the project needs.
    static var passedOver: Set<String> { get }

    /// The other members of a request that are understood.
    var members: Set<String> { get }
}

/// A service and what stands for it.
public struct StandIn: Sendable {
    /// The service.
    let service: String
    /// What stands for it.
    let name: String
    /// What of the service a request is about, and how the name of such a thing begins in bindings.
    let thing: String
    let prefix: String
    /// Why there is none, and the setting that makes one.
    let absence: String
    let setting: @Sendable (String) -> String
}

extension StandInAction {
    /// The action of a resource; `nil` for one of another service, or that is not done.
    public init?(_ resource: TaskResource) {
        guard Self.services.contains(resource.service) else { return nil }
        self.init(rawValue: resource.action)
    }

    /// The first member of a request that means something which is not done; `nil` if there is none.
    public func unsupportedMember(of request: JSON?) -> String? {
        let names = (request?.objectValue?.keys ?? []).map { $0.hasSuffix(".$") ? String($0.dropLast(2)) : $0 }
        return names.first { !members.contains($0) && !Self.passedOver.contains($0) }
    }

    /// Words for a member that is not done.
    public func refusal(of member: String) -> String {
        "\(rawValue) a \"\(member)\", which \(Self.standIn.name) do not understand"
    }
}
