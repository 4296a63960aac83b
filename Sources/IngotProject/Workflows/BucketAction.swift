/// What tasks can ask of S3 where a folder stands for the bucket.
public enum BucketAction: String, StandInAction {
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

    /// Folders stand for buckets.
    public static let standIn = StandIn(
        service: "S3",
        name: "folders",
        thing: "bucket",
        prefix: "s3:",
        absence: "for which no folder stands",
        setting: { "buckets: {\"\($0)\": folder/}" }
    )

    /// The service in the resources of tasks.
    public static let services: Set<String> = ["aws-sdk:s3"]

    /// What says how S3 is to keep an object or to answer: a folder has no place for it, and it is passed over.
    public static let passedOver: Set<String> = [
        "Acl", "BucketKeyEnabled", "CacheControl", "ChecksumAlgorithm", "ChecksumMode", "ContentDisposition",
        "ContentEncoding", "ContentLanguage", "ContentType", "ExpectedBucketOwner", "FetchOwner", "Metadata",
        "RequestPayer", "ServerSideEncryption", "SsekmsKeyId", "StorageClass", "Tagging",
    ]

    /// The members of a request that are understood.
    public var members: Set<String> {
        switch self {
        case .getObject, .headObject, .deleteObject: ["Bucket", "Key"]
        case .putObject: ["Bucket", "Key", "Body", "IfMatch", "IfNoneMatch"]
        case .copyObject: ["Bucket", "Key", "CopySource"]
        case .listObjectsV2: ["Bucket", "Prefix", "Delimiter", "MaxKeys", "StartAfter", "ContinuationToken"]
        }
    }
}
