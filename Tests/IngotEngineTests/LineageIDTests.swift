import Testing

@testable import IngotEngine

@Suite struct LineageIDTests {
    /// The example of RFC 9562, appendix A.4: `www.example.com` in the name space of domain names.
    @Test func `An identity is a UUID of version 5`() {
        let names: [UInt8] = [
            0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
        ]
        #expect(LineageID.uuid(named: "www.example.com", in: names) == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    }

    @Test func `Names that are not URIs become such`() {
        let dataset = LineageDataset(at: "/lake of all/größe/")
        #expect(dataset.namespace == "file" && dataset.name == "/lake of all/größe")
        #expect(dataset.uri == "file:///lake%20of%20all/gr%C3%B6%C3%9Fe")
        #expect(dataset.part("a b.csv").uri == "file:///lake%20of%20all/gr%C3%B6%C3%9Fe/a%20b.csv")
        #expect(LineageDataset(at: "/data/a.csv").part("a.csv").name == "/data/a.csv")
        let bucket = LineageDataset(at: "s3://company/lake/")
        #expect(bucket.namespace == "s3://company" && bucket.name == "lake")
    }
}
