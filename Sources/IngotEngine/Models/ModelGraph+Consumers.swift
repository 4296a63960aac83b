import IngotCore
import IngotProject

extension ModelGraph {
    /// The models that must hear of changes, by the table that changes.
    func consumers(_ project: Project) -> [TableName: [ChangeConsumer]] {
        var consumers: [TableName: [ChangeConsumer]] = [:]
        for node in order where node.model.materialization != .view {
            for input in node.inputs {
                guard let grain = node.grain(of: input, project) else { continue }
                consumers[input, default: []].append(ChangeConsumer(model: node.model.name.value, grain: grain))
            }
        }
        return consumers
    }

    /// The models that must hear of changes, those among them that cannot be read at present.
    ///
    /// A model whose file is broken or gone for a while must not miss what happens meanwhile: what it read when it was
    /// last computed restates it as a whole.
    func consumers(_ project: Project, states: [String: ModelState]) -> [TableName: [ChangeConsumer]] {
        var consumers = consumers(project)
        let present = Set(order.map(\.model.name.value))
        for (name, state) in states where !present.contains(name) {
            for input in state.inputs.keys {
                let parts = input.split(separator: ".").map(String.init)
                guard parts.count == 2 else { continue }
                let table = TableName(namespace: parts[0], name: parts[1])
                consumers[table, default: []].append(ChangeConsumer(model: name, grain: .everything))
            }
        }
        return consumers
    }
}
