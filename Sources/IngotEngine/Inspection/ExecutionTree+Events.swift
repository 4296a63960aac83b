public import JSONTree
import StatesLanguage

extension ExecutionTree {
    /// Takes the next event in.
    public mutating func add(_ event: JSON) {
        guard let id = event["id"]?.intValue, let type = event["type"]?.stringValue else { return }
        let details = event.objectValue?.first { $0.key.hasSuffix("EventDetails") }?.value ?? .null
        let news = News(
            id: id,
            type: type,
            time: event["timestamp"]?.stringValue.flatMap { Timestamp(iso8601: $0) },
            details: details,
            before: before(type, details, after: event["previousEventId"]?.intValue ?? 0)
        )
        places[id] = take(news)
    }

    /// An event, and where the one that led to it belongs.
    private struct News {
        var id: Int
        var type: String
        var time: Timestamp?
        var details: JSON
        var before: Place

        var name: String? { details["name"]?.stringValue ?? details["state"]?.stringValue }
        var error: String? { details["error"]?.stringValue }
        var cause: String? { details["cause"]?.stringValue }
    }

    private mutating func take(_ news: News) -> Place {
        switch news.type {
        case _ where news.type.hasSuffix("StateEntered"): return enter(news)
        case _ where news.type.hasSuffix("StateExited"): return exit(news)
        case _ where news.type.hasPrefix("MapIteration"): return iterate(news)
        case "ParallelStateStarted", "MapStateStarted":
            return change(around(news.before, news.type) ?? news.before) { stay in
                stay.attemptCount += 1
                stay.itemCount = news.details["length"]?.intValue ?? 0
                (stay.strands, stay.succeededCount) = ([:], 0)
            }
        case "MapRunStarted":
            return change(around(news.before, news.type) ?? news.before) { $0.isDistributed = true }
        case "MapRunFailed":
            return change(around(news.before, news.type) ?? news.before) { $0.note(news.error, news.cause) }
        case "ParallelStateSucceeded", "MapStateSucceeded":
            return change(around(news.before, news.type) ?? news.before) { $0.note(nil, nil) }
        case "ParallelStateFailed", "MapStateFailed":
            let place = around(news.before, news.type) ?? news.before
            stopParts(of: place, at: news.time, keepingFailures: true)
            return change(place) { $0.end(.failed, news.time) }
        // Does not tell which state it is; what is told of the branches and iterations around does.
        case _ where news.type.hasSuffix("StateAborted"): return news.before
        case "EvaluationFailed":
            let place = news.name.flatMap { holder(of: $0, around: news.before) } ?? news.before
            return change(place) { $0.note(news.error, news.cause) }
        case "ExecutionRedriven": return resume(news)
        case "MapRunRedriven":
            redrive.events.insert(news.id)
            return news.before
        case "ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted": return finish(news)
        default: return work(news)
        }
    }

    // MARK: States

    private mutating func enter(_ news: News) -> Place {
        let name = news.name ?? ""
        let index = strand(for: name, from: news.before)
        var stay = Stay()
        stay.entered = news.time
        stay.enteredCount += strands[index].stays[name]?.enteredCount ?? 0
        strands[index].stays[name] = stay
        strands[index].current = name
        visits[name, default: Visits()].enteredCount += 1
        if visits[name]?.firstEntered == nil { visits[name]?.firstEntered = news.time }
        return Place(strand: index, state: name)
    }

    private mutating func exit(_ news: News) -> Place {
        let name = news.name ?? ""
        visits[name, default: Visits()].exitedCount += 1
        visits[name]?.lastExited = news.time
        let place = holder(of: name, around: news.before) ?? news.before
        return change(place) { stay in
            let isCaught = stay.status == .failed || stay.error != nil
            stay.end(isCaught ? .caught : .succeeded, news.time)
        }
    }

    /// What a task tells.
    private mutating func work(_ news: News) -> Place {
        guard let state = news.before.state, homes[state]?.type == .task else { return news.before }
        return change(news.before) { stay in
            if news.type.hasSuffix("Failed") || news.type.hasSuffix("TimedOut") {
                stay.note(news.error, news.cause)
            } else if news.type.hasSuffix("Scheduled") {
                stay.attemptCount += 1
            } else if news.type.hasSuffix("Succeeded") {
                stay.note(nil, nil)
            }
        }
    }

    private mutating func iterate(_ news: News) -> Place {
        let number = news.details["index"]?.intValue ?? 0
        guard let holder = news.name.flatMap({ holder(of: $0, around: news.before) }), let state = holder.state else {
            return news.before
        }
        guard news.type != "MapIterationStarted" else {
            return Place(strand: begin(number, of: holder), state: nil)
        }
        guard let index = strands[holder.strand].stays[state]?.strands[number] else { return holder }
        switch news.type {
        case "MapIterationSucceeded":
            strands[index].status = .succeeded
            // Only their count is told, and there may be very many.
            strands[index].stays = [:]
            strands[holder.strand].stays[state]?.strands[number] = nil
            strands[holder.strand].stays[state]?.succeededCount += 1
        case "MapIterationFailed":
            strands[index].status = .failed
            let place = Place(strand: index, state: strands[index].current)
            stopParts(of: place, at: news.time, keepingFailures: true)
            _ = change(place) { if $0.status == .running { $0.end(.failed, news.time) } }
        default:
            strands[index].status = .stopped
            stop(index, at: news.time, keepingFailures: false)
        }
        return holder
    }

    // MARK: The execution

    private mutating func finish(_ news: News) -> Place {
        switch news.type {
        case "ExecutionSucceeded":
            strands[0].status = .succeeded
            return news.before
        case "ExecutionFailed":
            let place = Place(strand: 0, state: strands[0].current)
            stopParts(of: place, at: news.time, keepingFailures: true)
            _ = change(place) { $0.end(.failed, news.time) }
            _ = change(origin(of: place)) { if $0.error == nil { $0.note(news.error, news.cause) } }
            strands[0].status = .failed
        default:
            stop(0, at: news.time, keepingFailures: false)
            strands[0].status = .stopped
        }
        return news.before
    }

    /// What failed and was stopped goes on.
    private mutating func resume(_ news: News) -> Place {
        redrive = ([news.id], [])
        resume(0)
        return Place(strand: 0, state: strands[0].current)
    }

    private mutating func resume(_ index: Int) {
        strands[index].status = .running
        redrive.strands.append(index)
        guard let state = strands[index].current, let stay = strands[index].stays[state] else { return }
        guard stay.status == .failed || stay.status == .stopped else { return }
        let isTask = homes[state]?.type == .task
        _ = change(Place(strand: index, state: state)) { stay in
            stay.status = .running
            stay.ended = nil
            stay.note(nil, nil)
            if isTask { stay.attemptCount = 0 }
        }
        for (_, part) in stay.strands.sorted(by: { $0.key < $1.key }) { resume(part) }
    }

    // MARK: Places

    /// Where the event before belongs; of those that follow from a redrive the first strand that waits for such a one.
    private mutating func before(_ type: String, _ details: JSON, after id: Int) -> Place {
        let place = places[id] ?? Place(strand: 0, state: nil)
        guard redrive.events.contains(id) else { return place }
        let isTask = ["Task", "LambdaFunction", "Activity"].contains { type == "\($0)Scheduled" }
        let isMapRun = type == "MapRunRedriven"
        let name = type.hasPrefix("MapIteration") ? nil : details["name"]?.stringValue ?? details["state"]?.stringValue
        guard isTask || isMapRun || name != nil else { return place }
        let position = redrive.strands.firstIndex { index in
            let current = strands[index].current
            if let name { return isHome(index, of: name) && (!type.hasSuffix("StateExited") || current == name) }
            return current.flatMap { homes[$0]?.type } == (isTask ? .task : .map)
        }
        guard let position else { return place }
        let index = redrive.strands.remove(at: position)
        return Place(strand: index, state: strands[index].current)
    }

    /// Whether a strand runs through the graph that a state belongs to.
    private func isHome(_ index: Int, of state: String) -> Bool {
        guard let home = homes[state], strands[index].owner?.state == home.owner else { return false }
        guard let owner = home.owner, homes[owner]?.type == .parallel else { return true }
        return strands[index].number == home.branch
    }

    /// The strand in which a state is entered: the one before, one around it, or a branch that begins.
    private mutating func strand(for state: String, from place: Place) -> Int {
        var index = place.strand
        while true {
            if isHome(index, of: state) { return index }
            if let home = homes[state], let owner = home.owner, strands[index].stays[owner] != nil {
                return begin(home.branch, of: Place(strand: index, state: owner))
            }
            guard let outer = strands[index].owner else { return 0 }
            index = outer.strand
        }
    }

    /// The nearest place, from one outwards, where a state was entered.
    private func holder(of state: String, around place: Place) -> Place? {
        var index = place.strand
        while true {
            if strands[index].stays[state] != nil { return Place(strand: index, state: state) }
            guard let outer = strands[index].owner else { return nil }
            index = outer.strand
        }
    }

    /// The nearest place, from one outwards, with a state that runs and is of the type that an event is about.
    private func around(_ place: Place, _ event: String) -> Place? {
        var next: Place? = place
        while let place = next {
            if let state = place.state, let type = homes[state]?.type, event.hasPrefix(type.rawValue),
                let stay = strands[place.strand].stays[state], stay.status == .running
            {
                return place
            }
            next = strands[place.strand].owner
        }
        return nil
    }

    private mutating func begin(_ number: Int, of owner: Place) -> Int {
        let index = strands.count
        strands.append(Strand(number: number, owner: owner))
        if let state = owner.state { strands[owner.strand].stays[state]?.strands[number] = index }
        return index
    }

    private mutating func change(_ place: Place, _ body: (inout Stay) -> Void) -> Place {
        guard let state = place.state, strands[place.strand].stays[state] != nil else { return place }
        body(&strands[place.strand].stays[state, default: Stay()])
        return place
    }

    // MARK: Failures

    private mutating func stopParts(of place: Place, at time: Timestamp?, keepingFailures: Bool) {
        guard let state = place.state, let stay = strands[place.strand].stays[state] else { return }
        for index in stay.strands.values {
            if strands[index].status == .running { strands[index].status = .stopped }
            stop(index, at: time, keepingFailures: keepingFailures)
        }
    }

    /// Ends what a strand is doing.
    ///
    /// Histories do not say which of the branches failed: the one with an error is it, or the one in a state that takes no
    /// time.
    private mutating func stop(_ index: Int, at time: Timestamp?, keepingFailures: Bool) {
        guard let state = strands[index].current, let stay = strands[index].stays[state], stay.status == .running else {
            return
        }
        let place = Place(strand: index, state: state)
        stopParts(of: place, at: time, keepingFailures: keepingFailures)
        let takesTime: Set<StateType> = [.task, .wait, .parallel, .map]
        let isAtOnce = homes[state].map { !takesTime.contains($0.type) } ?? false
        let hasFailed = keepingFailures && (stay.error != nil || isAtOnce)
        _ = change(place) { $0.end(hasFailed ? .failed : .stopped, time) }
    }

    /// Where a failure began.
    private func origin(of place: Place) -> Place {
        guard let state = place.state, let stay = strands[place.strand].stays[state] else { return place }
        for (_, index) in stay.strands.sorted(by: { $0.key < $1.key }) {
            guard let inner = strands[index].current, strands[index].stays[inner]?.status == .failed else { continue }
            return origin(of: Place(strand: index, state: inner))
        }
        return place
    }
}

extension ExecutionTree.Stay {
    fileprivate mutating func note(_ error: String?, _ cause: String?) {
        (self.error, self.cause) = (error, cause)
    }

    fileprivate mutating func end(_ status: ExecutionTree.Status, _ time: Timestamp?) {
        self.status = status
        ended = time
    }
}
