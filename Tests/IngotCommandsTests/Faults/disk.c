// Preloaded into the program, it ends it right before a chosen change of a file, as kill -9 does or as a loss of power
// does: then nothing survives that was not synced, neither bytes nor names.
//
// DISK_ROOT   the folder whose files count
// DISK_LOG    where each change is noted, a line for each: its operation and what it changes
// DISK_STOP   the change to end at, as "<occurrence> <line of the log>"; "1 exit" for after the last one; none for no fault
// DISK_POWER  set if the power fails
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define ENTRIES_MAX 8192

// What of a file would be lost: its bytes after a size, and its name.
struct entry {
    char path[PATH_MAX];
    char earlier[PATH_MAX];  // its name before, where a rename of it is not synced
    off_t size;              // how many bytes are synced
    int has_bytes;           // whether bytes are not synced
    int is_new;              // whether its name is not synced
};

static struct entry *entries;
static int count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *root, *stop;
static long occurrence;
static int log_file = -1;

__attribute__((constructor)) static void begin(void) {
    root = getenv("DISK_ROOT");
    if (!root) return;
    entries = calloc(ENTRIES_MAX, sizeof *entries);
    const char *log = getenv("DISK_LOG");
    if (log) log_file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    char *end;
    const char *wanted = getenv("DISK_STOP");
    if (!wanted) return;
    occurrence = strtol(wanted, &end, 10);
    stop = end + 1;
}

#define REAL(name) ({ static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name); real; })

static void of_descriptor(int descriptor, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
}

static void of_name(int folder, const char *name, char *path) {
    char base[PATH_MAX] = "";
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
        return;
    }
    if (folder != AT_FDCWD) of_descriptor(folder, base);
    else if (!getcwd(base, sizeof base)) base[0] = 0;
    snprintf(path, PATH_MAX, "%.2000s/%.2000s", base, name);
}

static int counts(const char *path) {
    size_t length = strlen(root);
    return strncmp(path, root, length) == 0 && path[length] == '/' && !strstr(path, "-shm");
}

static struct entry *find(const char *path) {
    for (int i = 0; i < count; i++)
        if (!strcmp(entries[i].path, path)) return &entries[i];
    return NULL;
}

static struct entry *note(const char *path) {
    struct entry *entry = find(path);
    if (entry) return entry;
    if (count == ENTRIES_MAX) abort();
    entry = &entries[count++];
    memset(entry, 0, sizeof *entry);
    strcpy(entry->path, path);
    return entry;
}

static void forget(int index) {
    memmove(&entries[index], &entries[index + 1], (--count - index) * sizeof *entries);
}

static int removes(const char *path, const struct stat *status, int kind, struct FTW *walk) {
    (void)status, (void)walk;
    return syscall(SYS_unlinkat, AT_FDCWD, path, kind == FTW_DP ? AT_REMOVEDIR : 0);
}

// What the disk holds when the power comes back.
static void lose(void) {
    while (count > 0) {
        struct entry entry = entries[--count];
        if (entry.is_new && entry.earlier[0]) {
            syscall(SYS_renameat2, AT_FDCWD, entry.path, AT_FDCWD, entry.earlier, 0);
            strcpy(entry.path, entry.earlier);
        } else if (entry.is_new) {
            nftw(entry.path, removes, 16, FTW_DEPTH | FTW_PHYS);
        }
        if (entry.has_bytes) syscall(SYS_truncate, entry.path, entry.size);
    }
}

// Numbers and names that differ from run to run are one and the same.
static void generalize(const char *path, char *text) {
    while (*path) {
        size_t length = strcspn(path, "/._="), digits = 0;
        for (size_t i = 0; i < length; i++) digits += path[i] >= '0' && path[i] <= '9';
        if (length >= 4 && digits >= 2) *text++ = '#';
        else text = mempcpy(text, path, length);
        path += length;
        if (*path) *text++ = *path++;
    }
    *text = 0;
}

// Notes a change that is about to be made, or ends the process in its place. The lock is held from here to `done`.
static int before(const char *operation, const char *path) {
    pthread_mutex_lock(&mutex);
    if (!counts(path)) return 0;
    char text[PATH_MAX], line[PATH_MAX + 32];
    generalize(path + strlen(root) + 1, text);
    int length = snprintf(line, sizeof line, "%s %.4000s", operation, text);
    if (stop && !strcmp(line, stop) && --occurrence == 0) {
        if (getenv("DISK_POWER")) lose();
        syscall(SYS_kill, getpid(), SIGKILL);
    }
    line[length] = '\n';
    if (log_file >= 0) syscall(SYS_write, log_file, line, length + 1);
    return 1;
}

__attribute__((destructor)) static void end(void) {
    if (!stop || strcmp(stop, "exit")) return;
    pthread_mutex_lock(&mutex);
    if (getenv("DISK_POWER")) lose();
    syscall(SYS_kill, getpid(), SIGKILL);
}

static void done(void) {
    int error = errno;
    pthread_mutex_unlock(&mutex);
    errno = error;
}

static void writes(const char *path) {
    struct entry *entry = note(path);
    if (entry->has_bytes) return;
    struct stat status;
    entry->size = stat(path, &status) == 0 ? status.st_size : 0;
    entry->has_bytes = 1;
}

static void creates(const char *path) {
    note(path)->is_new = 1;
}

static void synced(const char *path) {
    size_t length = strlen(path);
    for (int i = count - 1; i >= 0; i--) {
        struct entry *entry = &entries[i];
        if (!strcmp(entry->path, path)) entry->has_bytes = 0;
        char *slash = strrchr(entry->path, '/');
        if ((size_t)(slash - entry->path) == length && !strncmp(entry->path, path, length)) entry->is_new = 0;
        if (!entry->is_new && !entry->has_bytes) forget(i);
    }
}

static void renamed(const char *from, const char *to) {
    size_t length = strlen(from);
    for (int i = count - 1; i >= 0; i--)
        if (!strcmp(entries[i].path, to)) forget(i);
    struct entry *entry = note(from);
    if (!entry->is_new) {
        entry->is_new = 1;
        strcpy(entry->earlier, from);
    }
    for (int i = 0; i < count; i++) {
        char rest[PATH_MAX];
        if (strncmp(entries[i].path, from, length) || (entries[i].path[length] && entries[i].path[length] != '/')) continue;
        strcpy(rest, entries[i].path + length);
        snprintf(entries[i].path, PATH_MAX, "%.2000s%.2000s", to, rest);
    }
}

static void removed(const char *path) {
    size_t length = strlen(path);
    for (int i = count - 1; i >= 0; i--)
        if (!strncmp(entries[i].path, path, length) && (!entries[i].path[length] || entries[i].path[length] == '/')) forget(i);
}

// MARK: Opening

static int opens(int (*real)(int, const char *, int, ...), int folder, const char *name, int flags, mode_t mode) {
    if (!root || !(flags & (O_CREAT | O_TRUNC))) return real(folder, name, flags, mode);
    char path[PATH_MAX];
    of_name(folder, name, path);
    struct stat status;
    int was_there = stat(path, &status) == 0;
    if (was_there && !(flags & O_TRUNC)) return real(folder, name, flags, mode);
    int matters = before(was_there ? "truncate" : "create", path);
    if (matters && was_there) writes(path);
    int descriptor = real(folder, name, flags, mode);
    if (matters && !was_there && descriptor >= 0) creates(path);
    done();
    return descriptor;
}

#define MODE() mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); mode = va_arg(list, int); va_end(list); }
int openat(int folder, const char *name, int flags, ...) { MODE() return opens(REAL(openat), folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE() return opens(REAL(openat), folder, name, flags, mode); }
int open(const char *name, int flags, ...) { MODE() return opens(REAL(openat), AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE() return opens(REAL(openat), AT_FDCWD, name, flags, mode); }
int creat(const char *name, mode_t mode) { return opens(REAL(openat), AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int mkdirat(int folder, const char *name, mode_t mode) {
    if (!root) return REAL(mkdirat)(folder, name, mode);
    char path[PATH_MAX];
    of_name(folder, name, path);
    int matters = before("mkdir", path);
    int result = REAL(mkdirat)(folder, name, mode);
    if (matters && result == 0) creates(path);
    done();
    return result;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

// MARK: Bytes

#define WRITES(descriptor, call) \
    if (!root) return call; \
    char path[PATH_MAX]; \
    of_descriptor(descriptor, path); \
    if (before("write", path)) writes(path); \
    __typeof__(call) result = call; \
    done(); \
    return result

ssize_t write(int f, const void *bytes, size_t size) { WRITES(f, REAL(write)(f, bytes, size)); }
ssize_t pwrite(int f, const void *bytes, size_t size, off_t place) { WRITES(f, REAL(pwrite)(f, bytes, size, place)); }
ssize_t pwrite64(int f, const void *bytes, size_t size, off_t place) { WRITES(f, REAL(pwrite)(f, bytes, size, place)); }
ssize_t writev(int f, const struct iovec *parts, int n) { WRITES(f, REAL(writev)(f, parts, n)); }
ssize_t copy_file_range(int from, off_t *start, int f, off_t *place, size_t size, unsigned flags) {
    WRITES(f, REAL(copy_file_range)(from, start, f, place, size, flags));
}
int ftruncate(int f, off_t size) { WRITES(f, REAL(ftruncate)(f, size)); }
int ftruncate64(int f, off_t size) { WRITES(f, REAL(ftruncate)(f, size)); }
int fallocate(int f, int mode, off_t place, off_t size) { WRITES(f, REAL(fallocate)(f, mode, place, size)); }
int posix_fallocate(int f, off_t place, off_t size) { WRITES(f, REAL(posix_fallocate)(f, place, size)); }

// MARK: Syncing

#define SYNCS(descriptor, call) \
    if (!root) return call; \
    char path[PATH_MAX]; \
    of_descriptor(descriptor, path); \
    int matters = before("sync", path); \
    int result = call; \
    if (matters && result == 0) synced(path); \
    done(); \
    return result

int fsync(int f) { SYNCS(f, REAL(fsync)(f)); }
int fdatasync(int f) { SYNCS(f, REAL(fdatasync)(f)); }
int syncfs(int f) {
    if (!root) return REAL(syncfs)(f);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.4000s/everything", root);
    before("sync", path);
    int result = REAL(syncfs)(f);
    if (result == 0) count = 0;
    done();
    return result;
}

// MARK: Names

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    if (!root) return REAL(renameat2)(from_folder, from, to_folder, to, flags);
    char old_path[PATH_MAX], path[PATH_MAX];
    of_name(from_folder, from, old_path);
    of_name(to_folder, to, path);
    int matters = before("rename", path);
    int result = REAL(renameat2)(from_folder, from, to_folder, to, flags);
    if (matters && result == 0) renamed(old_path, path);
    done();
    return result;
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    return renameat2(from_folder, from, to_folder, to, 0);
}
int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    if (!root) return REAL(linkat)(from_folder, from, to_folder, to, flags);
    char path[PATH_MAX];
    of_name(to_folder, to, path);
    int matters = before("link", path);
    int result = REAL(linkat)(from_folder, from, to_folder, to, flags);
    if (matters && result == 0) {
        char other[PATH_MAX];
        of_name(from_folder, from, other);
        struct entry *entry = find(other);
        int has_bytes = entry && entry->has_bytes;
        off_t size = has_bytes ? entry->size : 0;
        creates(path);
        find(path)->has_bytes = has_bytes;
        find(path)->size = size;
    }
    done();
    return result;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int folder, const char *name, int flags) {
    if (!root) return REAL(unlinkat)(folder, name, flags);
    char path[PATH_MAX];
    of_name(folder, name, path);
    int matters = before("remove", path);
    int result = REAL(unlinkat)(folder, name, flags);
    if (matters && result == 0) removed(path);
    done();
    return result;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }
