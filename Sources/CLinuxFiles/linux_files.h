// Calls of the GNU C library that Swift's Glibc module does not have: it is built without _GNU_SOURCE and <malloc.h>.
#ifndef INGOT_LINUX_FILES_H
#define INGOT_LINUX_FILES_H

#ifdef __linux__

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

// Writes everything of the file system that holds `descriptor` to its device.
int syncfs(int descriptor);

// Has a part of a file written to its device; SYNC_FILE_RANGE_WRITE, which begins that and does not wait, is 2.
int sync_file_range(int descriptor, off_t offset, off_t size, unsigned int flags);

// rename(2) with flags; RENAME_NOREPLACE is 1.
int renameat2(int old_folder, const char *old_path, int new_folder, const char *new_path, unsigned int flags);

// pipe(2) with flags for both ends.
int pipe2(int ends[2], int flags);

// Commands of fcntl(2). A lease for reading is had only of a file that nobody has open for writing; the signal is what
// tells its holder of an opener who waits.
enum { INGOT_F_SETSIG = 10, INGOT_F_SETLEASE = 1024 };

// Changes, for the calling thread only, the user id that file permissions are checked against.
int setfsuid(uid_t user);

// Settings of malloc: the size from which blocks are mapped on their own, and the number of arenas.
enum { INGOT_M_MMAP_THRESHOLD = -3, INGOT_M_ARENA_MAX = -8 };
int mallopt(int setting, int value);

// Whether the process ignores a signal, as one does that nohup started.
static inline int ingot_is_ignored(int signal) {
    struct sigaction action;
    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

#endif

#endif
