/// A first-in, first-out queue in an array, whose used-up front is cut off from time to time.
struct Queue<Element> {
    private var elements: [Element?] = []
    private var front = 0

    var isEmpty: Bool {
        front == elements.count
    }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard front < elements.count else { return nil }
        let element = elements[front]
        elements[front] = nil
        front += 1
        if front == elements.count {
            elements.removeAll(keepingCapacity: true)
            front = 0
        } else if front > 1024, front * 2 > elements.count {
            elements.removeFirst(front)
            front = 0
        }
        return element
    }
}
