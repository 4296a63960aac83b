/* Proves a finished .native: the library links and runs, and every extension loads from the folder, offline.
   Usage: check EXTENSION_DIRECTORY NAME... */
#include <stdio.h>
#include <string.h>

typedef struct {
    unsigned long long counts[3];
    void *pointers[3];
} duckdb_result;

extern int duckdb_create_config(void **config);
extern int duckdb_set_config(void *config, const char *name, const char *value);
extern int duckdb_open_ext(const char *path, void **database, void *config, char **error);
extern int duckdb_connect(void *database, void **connection);
extern int duckdb_query(void *connection, const char *sql, duckdb_result *result);
extern const char *duckdb_result_error(duckdb_result *result);
extern const char *duckdb_library_version(void);

int main(int argc, char **argv) {
    void *config = NULL, *database = NULL, *connection = NULL;
    char *error = NULL;
    if (duckdb_create_config(&config) != 0
        || duckdb_set_config(config, "extension_directory", argv[1]) != 0
        || duckdb_set_config(config, "autoinstall_known_extensions", "false") != 0
        || duckdb_open_ext(NULL, &database, config, &error) != 0
        || duckdb_connect(database, &connection) != 0) {
        fprintf(stderr, "cannot open a database: %s\n", error ? error : "no reason given");
        return 1;
    }
    for (int i = 2; i < argc; i++) {
        char sql[256];
        duckdb_result result;
        memset(&result, 0, sizeof result);
        snprintf(sql, sizeof sql, "LOAD %s", argv[i]);
        if (duckdb_query(connection, sql, &result) != 0) {
            fprintf(stderr, "cannot load %s: %s\n", argv[i], duckdb_result_error(&result));
            return 1;
        }
    }
    puts(duckdb_library_version());
    return 0;
}
