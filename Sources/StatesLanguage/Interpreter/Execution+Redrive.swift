extension Execution {
    /// Goes on with a strand that failed or was cancelled: with its branches, or with its state as if for the first time.
    func resume(_ strand: Strand, after event: Int) {
        strand.generation += 1
        strand.attempts = []
        strand.retryCount = 0
        strand.lastEvent = event
        guard let fanout = strand.children else {
            strand.token = nil
            strand.phase = strand.isEntered ? .running : .entering
            return ready.append(strand)
        }
        strand.phase = .waiting
        resume(fanout, after: event)
    }

    private func resume(_ fanout: Fanout, after event: Int) {
        let parent = fanout.parent
        var event = event
        if fanout.mapRun != nil {
            event = emit("MapRunRedriven", .redriven(count: environment.redriveCount), parent.log, after: event)
            parent.lastEvent = event
        }
        fanout.failedCount = 0
        fanout.items.forgetReading(fanout.lastRequest)
        let strands = fanout.suspended.sorted { $0.key < $1.key }.map(\.value)
        fanout.suspended = [:]
        fanout.ending = nil
        fanout.results?.redrive()
        fanout.results?.forget(Set(strands.map(\.index)))
        for strand in strands {
            fanout.running.insert(strand)
            liveCount += 1
            // Children of a Map run have a history of their own.
            resume(strand, after: fanout.mapRun == nil ? event : strand.lastEvent)
        }
        switch fanout.kind {
        case .parallel: if fanout.running.isEmpty { finishFanout(fanout) }
        case .inlineMap, .distributedMap: startIterations(fanout, after: event)
        }
    }
}
