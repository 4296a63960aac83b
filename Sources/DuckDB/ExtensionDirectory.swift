import CDuckDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where DuckDB's extensions are found, without a network.
public enum ExtensionDirectory: Sendable {
    /// Looks for the extensions.
    ///
    /// The first of these that is there:
    ///
    /// 1. the environment's `INGOT_DUCKDB_EXTENSIONS`, whatever is there;
    /// 2. `../lib/duckdb/extensions`, seen from the executable: an installed copy;
    /// 3. `.native/extensions` in a folder above the executable: a checkout that was set up.
    ///
    /// Nil leaves it to DuckDB, whose default is a folder in the user's home.
    public static func locate() -> String? {
        let environment = ProcessInfo.processInfo.environment["INGOT_DUCKDB_EXTENSIONS"]
        return locate(image: imagePath(), environment: environment)
    }

    package static func locate(image: String?, environment: String?) -> String? {
        if let environment, !environment.isEmpty {
            return environment
        }
        guard let image else { return nil }
        var folder = URL(filePath: image).resolvingSymlinksInPath().deletingLastPathComponent()
        var candidates = [folder.deletingLastPathComponent().appending(path: "lib/duckdb/extensions")]
        while folder.path() != "/", !folder.path().isEmpty {
            candidates.append(folder.appending(path: ".native/extensions"))
            folder = folder.deletingLastPathComponent()
        }
        return candidates.map { $0.path(percentEncoded: false) }.first { path in
            var isDirectory = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
        }
    }

    /// The file that this code is linked into.
    private static func imagePath() -> String? {
        // A static text of the loader's.
        unsafe NativeText.copy(cduckdb_image_path())
    }
}
