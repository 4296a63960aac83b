import Foundation

#if os(Linux) && canImport(Glibc)
import CLinuxFiles
#endif

/// How the process's memory is managed.
enum ProcessMemory {
    #if os(Linux) && canImport(Glibc)
    /// From how many bytes on a block of memory goes back to the system as soon as it is not needed.
    private static let ownMappingSize: CInt = 256 << 10
    #endif

    /// Makes a process that runs for long keep little more memory than it needs.
    ///
    /// The GNU C library gives each thread a heap of its own, up to eight for a core, and puts ever larger blocks there.
    /// What is freed in one of them is of no use to the others.
    static func keepSmall() {
        #if os(Linux) && canImport(Glibc)
        _ = mallopt(CInt(INGOT_M_ARENA_MAX), CInt(clamping: max(2, ProcessInfo.processInfo.activeProcessorCount)))
        _ = mallopt(CInt(INGOT_M_MMAP_THRESHOLD), ownMappingSize)
        #endif
    }
}
