#define _GNU_SOURCE
#include "CDuckDB.h"

#include <dlfcn.h>

const char *cduckdb_image_path(void) {
    Dl_info info;
    return dladdr((const void *)&cduckdb_image_path, &info) != 0 ? info.dli_fname : NULL;
}
