public import JSONTree
public import StatesLanguage

/// What tasks can ask of S3 where a folder stands for the bucket.
public enum BucketAction: String, CaseIterable, Sendable {
    /// Reads an object as text.
    case getObject
    /// Describes an object.
    case headObject
    /// Writes an object.
    case putObject
    /// Copies an object.
    case copyObject
    /// Removes an object.
    case deleteObject
    /// Lists objects by their keys.
    case listObjectsV2

    /// The service in the resources of tasks.
    static let service = "aws-sdk:s3"

    /// What says how S3 is to keep an object or to answer: a folder has no place for it, and it is passed over.
    private static let passedOver: Set<String> = [
        "Acl", "BucketKeyEnabled", "CacheControl", "ChecksumAlgorithm", "ChecksumMode", "ContentDisposition",
        "ContentEncoding", "ContentLanguage", "ContentType", "ExpectedBucketOwner", "FetchOwner", "Metadata",
        "RequestPayer", "ServerSideEncryption", "SsekmsKeyId", "StorageClass", "Tagging",
    ]

    /// The action of a resource; `nil` for one of another service, or that is not done.
    public init?(_ resource: TaskResource) {
        guard resource.service == Self.service else { return nil }
        self.init(rawValue: resource.action)
    }

    /// The first member of a request that means something which is not done.
    public func unsupportedMember(of request: JSON?) -> String? {
        let names = (request?.objectValue?.keys ?? []).map { $0.hasSuffix(".$") ? String($0.dropLast(2)) : $0 }
        return names.first { !members.contains($0) && !Self.passedOver.contains($0) }
    }

    private var members: Set<String> {
        switch self {
        case .getObject, .headObject, .deleteObject: ["Bucket", "Key"]
        case .putObject: ["Bucket", "Key", "Body", "IfMatch", "IfNoneMatch"]
        case .copyObject: ["Bucket", "Key", "CopySource"]
        case .listObjectsV2: ["Bucket", "Prefix", "Delimiter", "MaxKeys", "StartAfter", "ContinuationToken"]
        }
    }
}
