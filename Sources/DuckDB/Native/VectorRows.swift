import CDuckDB

/// The entries of a vector: borrowed memory, good as long as its chunk is.
@unsafe
struct VectorRows {
    /// One entry for each row, as wide as the type's; nothing to be read for structs, unions and arrays.
    let data: UnsafeRawPointer?
    let count: Int
    let validity: [UInt64]?

    /// Copies all entries, those in the place of a null too: they are of no meaning, but any bits will do for `T`.
    func copy<T: BitwiseCopyable>() -> [T] {
        guard let data = unsafe data, unsafe count > 0 else { return [] }
        return unsafe Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
            // By bytes, because a 128-bit number is aligned to 8 in DuckDB and to 16 in Swift.
            let size = unsafe count * MemoryLayout<T>.stride
            unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(
                from: UnsafeRawBufferPointer(start: data, count: size)
            )
            initializedCount = unsafe count
        }
    }

    func texts() -> [String] {
        unsafe map(null: "") { unsafe String(decoding: $0, as: UTF8.self) }
    }

    func bytes() -> [[UInt8]] {
        unsafe map(null: []) { unsafe Array($0) }
    }

    /// The place of each list among its vector's elements.
    func ranges() -> [Range<Int>] {
        let entries: [duckdb_list_entry] = unsafe copy()
        return entries.enumerated().map { row, entry in
            unsafe isNull(row) ? 0..<0 : Int(entry.offset)..<Int(entry.offset + entry.length)
        }
    }

    /// Calls the body with the bytes of each entry that is not null; they must not leave it.
    private func map<R>(null: R, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> [R] {
        guard unsafe data != nil else { return [] }
        return unsafe (0..<count).map { row in unsafe withBytes(of: row, body) ?? null }
    }

    /// Calls the body with the bytes of an entry, which must not leave it; `nil` for a null.
    func withBytes<R>(of row: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R? {
        // What stands in the place of a null may point nowhere.
        guard let data = unsafe data, unsafe !isNull(row) else { return nil }
        // 16 bytes: the length, then up to 12 bytes of text, or its first 4 and a pointer to the whole.
        let entry = unsafe data + row * 16
        let length = unsafe Int(entry.load(as: UInt32.self))
        let start = unsafe length <= 12 ? entry + 4 : entry.load(fromByteOffset: 8, as: UnsafeRawPointer.self)
        return unsafe body(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: length))
    }

    func isNull(_ row: Int) -> Bool {
        guard let validity = unsafe validity else { return false }
        return validity[row >> 6] & (1 << UInt64(row & 63)) == 0
    }
}
