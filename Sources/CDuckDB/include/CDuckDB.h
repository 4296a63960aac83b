/*
 * What Ingot uses of DuckDB's C API, version 1.5. Not a copy of duckdb.h: only the calls and the layouts that the
 * Swift module DuckDB needs, with what each pointer is worth. Checked against 1.5.5, the one version that the set-up accepts.
 *
 * Ownership, where a comment says nothing else:
 *   - a handle made by a `..._create...`, `..._prepare...`, `..._execute...` or `..._extract...` call, or returned as a
 *     duckdb_value, duckdb_logical_type or duckdb_data_chunk, is the caller's, who ends it with its destroy call;
 *   - a `char *` is the caller's, to be ended with duckdb_free; a `const char *` belongs to the handle it came from,
 *     but for duckdb_parameter_name and duckdb_prepared_statement_column_name, which hand out a copy.
 */
#ifndef CDUCKDB_H
#define CDUCKDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint64_t idx_t;

/* Handles: each a pointer of its own type, so that Swift tells them apart. */
typedef struct _duckdb_database { void *internal; } *duckdb_database;
typedef struct _duckdb_connection { void *internal; } *duckdb_connection;
typedef struct _duckdb_config { void *internal; } *duckdb_config;
typedef struct _duckdb_extracted_statements { void *internal; } *duckdb_extracted_statements;
typedef struct _duckdb_prepared_statement { void *internal; } *duckdb_prepared_statement;
typedef struct _duckdb_pending_result { void *internal; } *duckdb_pending_result;
typedef struct _duckdb_data_chunk { void *internal; } *duckdb_data_chunk;
typedef struct _duckdb_vector { void *internal; } *duckdb_vector;
typedef struct _duckdb_logical_type { void *internal; } *duckdb_logical_type;
typedef struct _duckdb_value { void *internal; } *duckdb_value;
typedef struct _duckdb_profiling_info { void *internal; } *duckdb_profiling_info;
typedef struct _duckdb_appender { void *internal; } *duckdb_appender;
typedef struct _duckdb_error_data { void *internal; } *duckdb_error_data;
typedef struct _duckdb_scalar_function { void *internal; } *duckdb_scalar_function;
typedef struct _duckdb_function_info { void *internal; } *duckdb_function_info;

/* A result is a value that owns what it points to, until duckdb_destroy_result. */
typedef struct {
    idx_t deprecated_counts[3];
    void *deprecated_columns;
    char *deprecated_error_message;
    void *internal_data;
} duckdb_result;

/* Enumerations. */

typedef enum { CDUCKDB_SUCCESS = 0, CDUCKDB_ERROR = 1 } duckdb_state;

/* Any number of duckdb_error_type and duckdb_statement_type; Swift names them. */
typedef uint32_t duckdb_error_type;
typedef uint32_t duckdb_statement_type;

typedef enum {
    DUCKDB_RESULT_TYPE_INVALID = 0,
    DUCKDB_RESULT_TYPE_CHANGED_ROWS = 1,
    DUCKDB_RESULT_TYPE_NOTHING = 2,
    DUCKDB_RESULT_TYPE_QUERY_RESULT = 3,
} duckdb_result_type;

typedef enum {
    DUCKDB_TYPE_INVALID = 0,
    DUCKDB_TYPE_BOOLEAN = 1,
    DUCKDB_TYPE_TINYINT = 2,
    DUCKDB_TYPE_SMALLINT = 3,
    DUCKDB_TYPE_INTEGER = 4,
    DUCKDB_TYPE_BIGINT = 5,
    DUCKDB_TYPE_UTINYINT = 6,
    DUCKDB_TYPE_USMALLINT = 7,
    DUCKDB_TYPE_UINTEGER = 8,
    DUCKDB_TYPE_UBIGINT = 9,
    DUCKDB_TYPE_FLOAT = 10,
    DUCKDB_TYPE_DOUBLE = 11,
    DUCKDB_TYPE_TIMESTAMP = 12,
    DUCKDB_TYPE_DATE = 13,
    DUCKDB_TYPE_TIME = 14,
    DUCKDB_TYPE_INTERVAL = 15,
    DUCKDB_TYPE_HUGEINT = 16,
    DUCKDB_TYPE_VARCHAR = 17,
    DUCKDB_TYPE_BLOB = 18,
    DUCKDB_TYPE_DECIMAL = 19,
    DUCKDB_TYPE_TIMESTAMP_S = 20,
    DUCKDB_TYPE_TIMESTAMP_MS = 21,
    DUCKDB_TYPE_TIMESTAMP_NS = 22,
    DUCKDB_TYPE_ENUM = 23,
    DUCKDB_TYPE_LIST = 24,
    DUCKDB_TYPE_STRUCT = 25,
    DUCKDB_TYPE_MAP = 26,
    DUCKDB_TYPE_UUID = 27,
    DUCKDB_TYPE_UNION = 28,
    DUCKDB_TYPE_BIT = 29,
    DUCKDB_TYPE_TIME_TZ = 30,
    DUCKDB_TYPE_TIMESTAMP_TZ = 31,
    DUCKDB_TYPE_UHUGEINT = 32,
    DUCKDB_TYPE_ARRAY = 33,
    DUCKDB_TYPE_ANY = 34,
    DUCKDB_TYPE_BIGNUM = 35,
    DUCKDB_TYPE_SQLNULL = 36,
    DUCKDB_TYPE_STRING_LITERAL = 37,
    DUCKDB_TYPE_INTEGER_LITERAL = 38,
    DUCKDB_TYPE_TIME_NS = 39,
    DUCKDB_TYPE_GEOMETRY = 40,
    DUCKDB_TYPE_VARIANT = 41,
} duckdb_type;

/* Plain values. */

typedef struct { int32_t days; } duckdb_date;
typedef struct { int64_t micros; } duckdb_time;
typedef struct { int64_t nanos; } duckdb_time_ns;
/* 40 bits of microseconds, then 24 bits of offset, stored as 57599 minus the seconds east of UTC. */
typedef struct { uint64_t bits; } duckdb_time_tz;
typedef struct { int64_t micros; } duckdb_timestamp;
typedef struct { int64_t seconds; } duckdb_timestamp_s;
typedef struct { int64_t millis; } duckdb_timestamp_ms;
typedef struct { int64_t nanos; } duckdb_timestamp_ns;

typedef struct {
    int32_t months;
    int32_t days;
    int64_t micros;
} duckdb_interval;

typedef struct {
    uint64_t lower;
    int64_t upper;
} duckdb_hugeint;

typedef struct {
    uint64_t lower;
    uint64_t upper;
} duckdb_uhugeint;

typedef struct {
    uint8_t width;
    uint8_t scale;
    duckdb_hugeint value;
} duckdb_decimal;

/* The first byte tells how many bits pad the second, from its top; the padding is ones. */
typedef struct {
    uint8_t *data;
    idx_t size;
} duckdb_bit;

/* The absolute value, big endian. */
typedef struct {
    uint8_t *data;
    idx_t size;
    bool is_negative;
} duckdb_bignum;

typedef struct {
    uint64_t offset;
    uint64_t length;
} duckdb_list_entry;

typedef struct {
    double percentage;
    uint64_t rows_processed;
    uint64_t total_rows_to_process;
} duckdb_query_progress_type;

/* Databases, connections and settings. */

extern duckdb_state duckdb_create_config(duckdb_config *out_config);
extern duckdb_state duckdb_set_config(duckdb_config config, const char *name, const char *option);
extern void duckdb_destroy_config(duckdb_config *config);
extern duckdb_state duckdb_open_ext(
    const char *path, duckdb_database *out_database, duckdb_config config, char **out_error);
extern void duckdb_close(duckdb_database *database);
extern duckdb_state duckdb_connect(duckdb_database database, duckdb_connection *out_connection);
extern void duckdb_disconnect(duckdb_connection *connection);
extern void duckdb_interrupt(duckdb_connection connection);
extern duckdb_query_progress_type duckdb_query_progress(duckdb_connection connection);
extern const char *duckdb_library_version(void);

/* Memory that DuckDB hands out. */

extern void duckdb_free(void *ptr);

/* Statements. */

extern idx_t duckdb_extract_statements(
    duckdb_connection connection, const char *query, duckdb_extracted_statements *out_extracted_statements);
extern const char *duckdb_extract_statements_error(duckdb_extracted_statements extracted_statements);
extern void duckdb_destroy_extracted(duckdb_extracted_statements *extracted_statements);
extern duckdb_state duckdb_prepare_extracted_statement(
    duckdb_connection connection, duckdb_extracted_statements extracted_statements, idx_t index,
    duckdb_prepared_statement *out_prepared_statement);
extern const char *duckdb_prepare_error(duckdb_prepared_statement prepared_statement);
extern void duckdb_destroy_prepare(duckdb_prepared_statement *prepared_statement);
extern idx_t duckdb_nparams(duckdb_prepared_statement prepared_statement);
extern const char *duckdb_parameter_name(duckdb_prepared_statement prepared_statement, idx_t index);
extern duckdb_logical_type duckdb_param_logical_type(duckdb_prepared_statement prepared_statement, idx_t param_idx);
extern duckdb_state duckdb_bind_parameter_index(
    duckdb_prepared_statement prepared_statement, idx_t *param_idx_out, const char *name);
extern duckdb_state duckdb_bind_value(
    duckdb_prepared_statement prepared_statement, idx_t param_idx, duckdb_value val);
extern duckdb_state duckdb_clear_bindings(duckdb_prepared_statement prepared_statement);
extern duckdb_statement_type duckdb_prepared_statement_type(duckdb_prepared_statement statement);
extern idx_t duckdb_prepared_statement_column_count(duckdb_prepared_statement prepared_statement);
extern const char *duckdb_prepared_statement_column_name(duckdb_prepared_statement prepared_statement, idx_t col_idx);
extern duckdb_logical_type duckdb_prepared_statement_column_logical_type(
    duckdb_prepared_statement prepared_statement, idx_t col_idx);

/* Execution and results. */

extern duckdb_state duckdb_pending_prepared(
    duckdb_prepared_statement prepared_statement, duckdb_pending_result *out_result);
extern duckdb_state duckdb_pending_prepared_streaming(
    duckdb_prepared_statement prepared_statement, duckdb_pending_result *out_result);
extern const char *duckdb_pending_error(duckdb_pending_result pending_result);
extern duckdb_state duckdb_execute_pending(duckdb_pending_result pending_result, duckdb_result *out_result);
extern void duckdb_destroy_pending(duckdb_pending_result *pending_result);
extern void duckdb_destroy_result(duckdb_result *result);
extern const char *duckdb_result_error(duckdb_result *result);
extern duckdb_result_type duckdb_result_return_type(duckdb_result result);
extern idx_t duckdb_rows_changed(duckdb_result *result);
extern idx_t duckdb_column_count(duckdb_result *result);
extern const char *duckdb_column_name(duckdb_result *result, idx_t col);
extern duckdb_logical_type duckdb_column_logical_type(duckdb_result *result, idx_t col);
extern duckdb_data_chunk duckdb_fetch_chunk(duckdb_result result);

/* Chunks and vectors (a vector belongs to its chunk). */

extern void duckdb_destroy_data_chunk(duckdb_data_chunk *chunk);
extern idx_t duckdb_data_chunk_get_size(duckdb_data_chunk chunk);
extern idx_t duckdb_data_chunk_get_column_count(duckdb_data_chunk chunk);
extern duckdb_vector duckdb_data_chunk_get_vector(duckdb_data_chunk chunk, idx_t col_idx);
extern void *duckdb_vector_get_data(duckdb_vector vector);
extern uint64_t *duckdb_vector_get_validity(duckdb_vector vector);
extern duckdb_vector duckdb_list_vector_get_child(duckdb_vector vector);
extern idx_t duckdb_list_vector_get_size(duckdb_vector vector);
extern duckdb_vector duckdb_struct_vector_get_child(duckdb_vector vector, idx_t index);
extern duckdb_vector duckdb_array_vector_get_child(duckdb_vector vector);

/* Logical types. */

extern duckdb_logical_type duckdb_create_logical_type(duckdb_type type);
extern duckdb_logical_type duckdb_create_decimal_type(uint8_t width, uint8_t scale);
extern duckdb_logical_type duckdb_create_list_type(duckdb_logical_type type);
extern duckdb_logical_type duckdb_create_array_type(duckdb_logical_type type, idx_t array_size);
extern duckdb_logical_type duckdb_create_map_type(duckdb_logical_type key_type, duckdb_logical_type value_type);
extern duckdb_logical_type duckdb_create_struct_type(
    duckdb_logical_type *member_types, const char **member_names, idx_t member_count);
extern duckdb_logical_type duckdb_create_union_type(
    duckdb_logical_type *member_types, const char **member_names, idx_t member_count);
extern duckdb_logical_type duckdb_create_enum_type(const char **member_names, idx_t member_count);
extern void duckdb_destroy_logical_type(duckdb_logical_type *type);
extern duckdb_type duckdb_get_type_id(duckdb_logical_type type);
extern char *duckdb_logical_type_get_alias(duckdb_logical_type type);
extern void duckdb_logical_type_set_alias(duckdb_logical_type type, const char *alias);
extern uint8_t duckdb_decimal_width(duckdb_logical_type type);
extern uint8_t duckdb_decimal_scale(duckdb_logical_type type);
extern uint32_t duckdb_enum_dictionary_size(duckdb_logical_type type);
extern char *duckdb_enum_dictionary_value(duckdb_logical_type type, idx_t index);
extern duckdb_logical_type duckdb_list_type_child_type(duckdb_logical_type type);
extern duckdb_logical_type duckdb_array_type_child_type(duckdb_logical_type type);
extern idx_t duckdb_array_type_array_size(duckdb_logical_type type);
extern duckdb_logical_type duckdb_map_type_key_type(duckdb_logical_type type);
extern duckdb_logical_type duckdb_map_type_value_type(duckdb_logical_type type);
extern idx_t duckdb_struct_type_child_count(duckdb_logical_type type);
extern char *duckdb_struct_type_child_name(duckdb_logical_type type, idx_t index);
extern duckdb_logical_type duckdb_struct_type_child_type(duckdb_logical_type type, idx_t index);
extern idx_t duckdb_union_type_member_count(duckdb_logical_type type);
extern char *duckdb_union_type_member_name(duckdb_logical_type type, idx_t index);
extern duckdb_logical_type duckdb_union_type_member_type(duckdb_logical_type type, idx_t index);

/* Values. */

extern void duckdb_destroy_value(duckdb_value *value);
extern duckdb_value duckdb_create_null_value(void);
extern duckdb_value duckdb_create_bool(bool input);
extern duckdb_value duckdb_create_int8(int8_t input);
extern duckdb_value duckdb_create_int16(int16_t input);
extern duckdb_value duckdb_create_int32(int32_t input);
extern duckdb_value duckdb_create_int64(int64_t val);
extern duckdb_value duckdb_create_uint8(uint8_t input);
extern duckdb_value duckdb_create_uint16(uint16_t input);
extern duckdb_value duckdb_create_uint32(uint32_t input);
extern duckdb_value duckdb_create_uint64(uint64_t input);
extern duckdb_value duckdb_create_hugeint(duckdb_hugeint input);
extern duckdb_value duckdb_create_uhugeint(duckdb_uhugeint input);
extern duckdb_value duckdb_create_bignum(duckdb_bignum input);
extern duckdb_value duckdb_create_decimal(duckdb_decimal input);
extern duckdb_value duckdb_create_float(float input);
extern duckdb_value duckdb_create_double(double input);
extern duckdb_value duckdb_create_varchar_length(const char *text, idx_t length);
extern duckdb_value duckdb_create_blob(const uint8_t *data, idx_t length);
extern duckdb_value duckdb_create_bit(duckdb_bit input);
extern duckdb_value duckdb_create_date(duckdb_date input);
extern duckdb_value duckdb_create_time(duckdb_time input);
extern duckdb_value duckdb_create_time_ns(duckdb_time_ns input);
extern duckdb_value duckdb_create_time_tz_value(duckdb_time_tz value);
extern duckdb_value duckdb_create_timestamp(duckdb_timestamp input);
extern duckdb_value duckdb_create_timestamp_s(duckdb_timestamp_s input);
extern duckdb_value duckdb_create_timestamp_ms(duckdb_timestamp_ms input);
extern duckdb_value duckdb_create_timestamp_ns(duckdb_timestamp_ns input);
extern duckdb_value duckdb_create_timestamp_tz(duckdb_timestamp input);
extern duckdb_value duckdb_create_interval(duckdb_interval input);
extern duckdb_value duckdb_create_uuid(duckdb_uhugeint input);
extern duckdb_value duckdb_create_struct_value(duckdb_logical_type type, duckdb_value *values);
extern duckdb_value duckdb_create_list_value(duckdb_logical_type type, duckdb_value *values, idx_t value_count);
extern duckdb_value duckdb_create_array_value(duckdb_logical_type type, duckdb_value *values, idx_t value_count);
extern duckdb_value duckdb_create_map_value(
    duckdb_logical_type map_type, duckdb_value *keys, duckdb_value *values, idx_t entry_count);
extern duckdb_value duckdb_create_union_value(duckdb_logical_type union_type, idx_t tag_index, duckdb_value value);
extern char *duckdb_get_varchar(duckdb_value value);
extern idx_t duckdb_get_map_size(duckdb_value value);
extern duckdb_value duckdb_get_map_key(duckdb_value value, idx_t index);
extern duckdb_value duckdb_get_map_value(duckdb_value value, idx_t index);

/* Profiles (a node belongs to its connection, until the next statement). */

extern duckdb_profiling_info duckdb_get_profiling_info(duckdb_connection connection);
extern duckdb_value duckdb_profiling_info_get_metrics(duckdb_profiling_info info);
extern idx_t duckdb_profiling_info_get_child_count(duckdb_profiling_info info);
extern duckdb_profiling_info duckdb_profiling_info_get_child(duckdb_profiling_info info, idx_t index);

/* Appenders. */

extern duckdb_state duckdb_appender_create_ext(
    duckdb_connection connection, const char *catalog, const char *schema, const char *table,
    duckdb_appender *out_appender);
extern duckdb_state duckdb_appender_destroy(duckdb_appender *appender);
extern duckdb_error_data duckdb_appender_error_data(duckdb_appender appender);
extern idx_t duckdb_appender_column_count(duckdb_appender appender);
extern duckdb_logical_type duckdb_appender_column_type(duckdb_appender appender, idx_t col_idx);
extern duckdb_state duckdb_appender_add_column(duckdb_appender appender, const char *name);
extern duckdb_state duckdb_appender_flush(duckdb_appender appender);
extern duckdb_state duckdb_appender_clear(duckdb_appender appender);
extern duckdb_state duckdb_appender_end_row(duckdb_appender appender);
extern duckdb_state duckdb_append_null(duckdb_appender appender);
extern duckdb_state duckdb_append_bool(duckdb_appender appender, bool value);
extern duckdb_state duckdb_append_int8(duckdb_appender appender, int8_t value);
extern duckdb_state duckdb_append_int16(duckdb_appender appender, int16_t value);
extern duckdb_state duckdb_append_int32(duckdb_appender appender, int32_t value);
extern duckdb_state duckdb_append_int64(duckdb_appender appender, int64_t value);
extern duckdb_state duckdb_append_float(duckdb_appender appender, float value);
extern duckdb_state duckdb_append_double(duckdb_appender appender, double value);
extern duckdb_state duckdb_append_varchar_length(duckdb_appender appender, const char *val, idx_t length);
extern duckdb_state duckdb_append_value(duckdb_appender appender, duckdb_value value);
extern duckdb_error_type duckdb_error_data_error_type(duckdb_error_data error_data);
extern const char *duckdb_error_data_message(duckdb_error_data error_data);
extern void duckdb_destroy_error_data(duckdb_error_data *error_data);

/*
 * Scalar functions. A registered function belongs to the database; its extra info is the database's then, which ends it
 * with the callback that came along. DuckDB calls the function on its own threads, with flat vectors.
 */

typedef void (*duckdb_scalar_function_t)(
    duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output);
typedef void (*duckdb_delete_callback_t)(void *data);

extern duckdb_scalar_function duckdb_create_scalar_function(void);
extern void duckdb_destroy_scalar_function(duckdb_scalar_function *scalar_function);
extern void duckdb_scalar_function_set_name(duckdb_scalar_function scalar_function, const char *name);
extern void duckdb_scalar_function_add_parameter(duckdb_scalar_function scalar_function, duckdb_logical_type type);
extern void duckdb_scalar_function_set_varargs(duckdb_scalar_function scalar_function, duckdb_logical_type type);
extern void duckdb_scalar_function_set_special_handling(duckdb_scalar_function scalar_function);
extern void duckdb_scalar_function_set_volatile(duckdb_scalar_function scalar_function);
extern void duckdb_scalar_function_set_return_type(duckdb_scalar_function scalar_function, duckdb_logical_type type);
extern void duckdb_scalar_function_set_extra_info(
    duckdb_scalar_function scalar_function, void *extra_info, duckdb_delete_callback_t destroy);
extern void duckdb_scalar_function_set_function(
    duckdb_scalar_function scalar_function, duckdb_scalar_function_t function);
/* Ends the statement that called the function with this message, which is copied. */
extern void duckdb_scalar_function_set_error(duckdb_function_info info, const char *error);
extern duckdb_state duckdb_register_scalar_function(duckdb_connection con, duckdb_scalar_function scalar_function);
extern void *duckdb_scalar_function_get_extra_info(duckdb_function_info info);
extern void duckdb_vector_ensure_validity_writable(duckdb_vector vector);
extern void duckdb_validity_set_row_invalid(uint64_t *validity, idx_t row);

/* The file that this code was linked into (an executable or a library), or NULL; static, never to be freed. */
extern const char *cduckdb_image_path(void);

#ifdef __cplusplus
}
#endif

#endif
