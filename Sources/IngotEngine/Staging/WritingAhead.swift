/// How rows of objects that are too large to be held are written as they are read.
struct WritingAhead {
    let writer: BatchWriter
    /// From how many bytes on a group of objects is large.
    let size: Int64
    /// How many bytes the rejected records of a group may take to be held; where there are more, each object is read once
    /// more in the order of its records, and its rejected rows are written too.
    let rejectedSizeMax: Int
}
