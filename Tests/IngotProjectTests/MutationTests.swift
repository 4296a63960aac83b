import IngotCore
import IngotProject
import Testing

@Suite("Damaged files")
struct MutationTests {
    /// A small generator with a seed (SplitMix64), so that a failure can be repeated.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let fragments: [String] = [
        "\t", ":", "- ", "{", "}", "[", "]", "\"", "'", "&a ", "*a", "<<: ", "? ", "|\n", ">-\n", "---\n", "...\n",
        "!!int ", "${", "${secret:x}", "null", "~", "\u{0}", "\u{FEFF}", "é", "🦆", "\r", "9999999999999999999999",
        "/*", "*/", "@ingot", "(", ")", ",", "%", "\\", "#", "on", "expect_", "silver.", "decimal(", "..",
    ]

    @Test("never end in anything but findings with a place", arguments: Fixtures.names)
    func mutations(_ name: String) throws {
        let files = try Fixtures.files(name).mapValues { Array($0.utf8) }
        let paths = files.keys.sorted()
        for seed in 0..<100 {
            var random = Generator(state: UInt64(seed))
            var damaged = files
            let path = paths[Int.random(in: 0..<paths.count, using: &random)]
            var bytes = files[path] ?? []
            for _ in 0...Int.random(in: 0...3, using: &random) { Self.damage(&bytes, &random) }
            damaged[path] = bytes
            do throws(DiagnosticsError) {
                _ = try Project.load(directory: "/project", files: InMemoryProjectFiles(bytes: damaged))
            } catch {
                let errors = error.diagnostics.filter { $0.severity == .error }
                #expect(!errors.isEmpty, "seed \(seed)")
                #expect(errors.allSatisfy { $0.error.location?.file.isEmpty == false }, "seed \(seed): \(error)")
                #expect(errors.allSatisfy { !$0.error.message.contains("\n") }, "seed \(seed): \(error)")
            }
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout Generator) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...20, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 3: bytes.removeSubrange(place...)
        case 4 where place < bytes.count: bytes[place] = UInt8.random(in: 32...126, using: &random)
        default: bytes.insert(contentsOf: Array((fragments.randomElement(using: &random) ?? "").utf8), at: place)
        }
    }
}
