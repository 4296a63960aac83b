import Iceberg
import Testing

@Suite("Transforms")
struct TransformTests {
    /// The hashes that the table format's specification gives (appendix B); here as buckets of 2^31 - 1.
    @Test(
        "Bucket hashes are the specification's",
        arguments: [
            (.int(34), 2_017_239_379), (.long(34), 2_017_239_379),
            (.decimal(unscaled: 1420, scale: 2), -500_754_589), (.date(17_486), -653_330_422),
            (.time(81_068_000_000), -662_762_989), (.timestamp(1_510_871_468_000_000), -2_047_944_441),
            (.timestamp(1_510_871_468_000_001), -1_207_196_810),
            (.timestamptz(1_510_871_468_000_000), -2_047_944_441), (.string("iceberg"), 1_210_000_089),
            (.fixed([0, 1, 2, 3]), -188_683_207), (.binary([0, 1, 2, 3]), -188_683_207),
        ] as [(Literal, Int32)]
    )
    func bucketVectors(value: Literal, hash: Int32) {
        let expected = Int32(Int64(hash & .max) % Int64(Int32.max))
        #expect(Transform.bucket(Int(Int32.max)).apply(value) == .int(expected))
    }

    @Test("The bucket hash of a UUID is the specification's")
    func bucketUUID() throws {
        let uuid = try #require(IcebergUUID("f79c3e09-677c-4bbd-a479-3f349cb785e7"))
        #expect(Transform.bucket(Int(Int32.max)).apply(.uuid(uuid)) == .int(1_488_055_340))
    }

    /// The examples of the specification's section on truncation.
    @Test("Truncation rounds down and cuts text by characters")
    func truncate() {
        #expect(Transform.truncate(10).apply(.int(1)) == .int(0))
        #expect(Transform.truncate(10).apply(.int(-1)) == .int(-10))
        #expect(Transform.truncate(10).apply(.long(1)) == .long(0))
        #expect(Transform.truncate(10).apply(.long(-1)) == .long(-10))
        #expect(
            Transform.truncate(50).apply(.decimal(unscaled: 1065, scale: 2)) == .decimal(unscaled: 1050, scale: 2)
        )
        #expect(
            Transform.truncate(10).apply(.decimal(unscaled: -1, scale: 2)) == .decimal(unscaled: -10, scale: 2)
        )
        #expect(Transform.truncate(3).apply(.string("iceberg")) == .string("ice"))
        #expect(Transform.truncate(2).apply(.string("e\u{301}x")) == .string("e\u{301}"))
        #expect(Transform.truncate(3).apply(.binary([1, 2, 3, 4])) == .binary([1, 2, 3]))
        #expect(Transform.truncate(10).apply(.long(.min)) != nil)
        #expect(Transform.truncate(10).apply(.int(.min)) != nil)
    }

    @Test("Dates and times before 1970 round down")
    func calendar() {
        let day: Int64 = 86_400_000_000
        #expect(Transform.year.apply(.date(-1)) == .int(-1))
        #expect(Transform.month.apply(.date(-1)) == .int(-1))
        #expect(Transform.day.apply(.timestamp(-1)) == .date(-1))
        #expect(Transform.hour.apply(.timestamptz(-1)) == .int(-1))
        #expect(Transform.day.apply(.timestamptz(17_501 * day + 1)) == .date(17_501))
        #expect(Transform.month.apply(.date(17_501)) == .int(575))
        #expect(Transform.year.apply(.timestamp(17_501 * day)) == .int(47))
        #expect(Transform.hour.apply(.timestamp(36_000_000_000)) == .int(10))
        #expect(Transform.hour.apply(.date(1)) == nil)
        #expect(Transform.void.apply(.int(1)) == nil)
        #expect(Transform.day.apply(nil) == nil)
    }

    /// The texts are those of the reference implementation's documentation.
    @Test("Partition values have readable texts")
    func humanText() {
        #expect(Transform.year.humanText(.int(47)) == "2017")
        #expect(Transform.month.humanText(.int(575)) == "2017-12")
        #expect(Transform.month.humanText(.int(-1)) == "1969-12")
        #expect(Transform.day.humanText(.date(17_501)) == "2017-12-01")
        #expect(Transform.hour.humanText(.int(420_034)) == "2017-12-01-10")
        #expect(Transform.hour.humanText(.int(-1)) == "1969-12-31-23")
        #expect(Transform.identity.humanText(nil) == "null")
        #expect(Transform.identity.humanText(.decimal(unscaled: -5, scale: 2)) == "-0.05")
        #expect(
            Transform.identity.humanText(.timestamptz(1_512_123_175_038_194)) == "2017-12-01T10:12:55.038194+00:00"
        )
        #expect(Transform.identity.humanText(.binary([1, 2, 3, 4])) == "AQIDBA==")
    }

    @Test("Paths escape names and values")
    func path() {
        let spec = PartitionSpec(fields: [
            PartitionField(sourceID: 1, fieldID: 1000, name: "a b", transform: .identity),
            PartitionField(sourceID: 2, fieldID: 1001, name: "d", transform: .day),
        ])
        #expect(spec.path(of: [.string("x/y=é"), .date(0)]) == "a+b=x%2Fy%3D%C3%A9/d=1970-01-01")
    }

    @Test(
        "Names of transforms are read and written",
        arguments: ["identity", "bucket[16]", "truncate[4]", "year", "month", "day", "hour", "void", "zorder[3]"]
    )
    func names(name: String) {
        #expect(Transform(name).description == name)
    }

    @Test("A transform that cannot be is kept as unknown")
    func unknown() {
        for name in ["bucket[0]", "bucket[-1]", "bucket[99999999999]", "truncate[]"] {
            #expect(Transform(name) == .unknown(name))
        }
    }

    @Test("Every day of 800 years goes to a date and back")
    func civil() {
        var previous = ""
        for day in Int32(-250_000)...Int32(50_000) where day % 7 == 0 {
            let text = Literal.date(day).description
            #expect(Literal(duckDBText: text, type: .date) == .date(day))
            #expect(previous < text || previous.isEmpty)
            previous = text
        }
    }
}
