/* results/schema.json says of quantities, keys, parts and doubts what their tables say: `unit-schema --write`. */
#include "tests/test.h"

#include "analyse/doubts.h"
#include "analyse/quantities.h"
#include "base/root.h"
#include "model/keys.h"

#include <limits.h>

#define WIDTH 112
#define TAB 8

static void schema_path(char path[PATH_MAX + 32])
{
	char root[PATH_MAX];

	snprintf(path, PATH_MAX + 32, "%s/results/schema.json", project_root(root));
}

static json_t *schema_read(void)
{
	char path[PATH_MAX + 32];
	json_error_t error;
	json_t *schema;

	schema_path(path);
	schema = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!schema)
		fprintf(stderr, "%s: line %d: %s\n", path, error.line, error.text);
	return schema;
}

static json_t *properties(json_t *definition)
{
	return json_object_get(definition, "properties");
}

static json_t *definition(json_t *schema, const char *name)
{
	return json_object_get(json_object_get(schema, "$defs"), name);
}

/* ---- What the tables say ---- */

static json_t *quantity_schema(const struct quantity *quantity)
{
	json_t *schema;

	if (!quantity->plain)
		return json_pack("{ss ss}", "description", quantity->meaning, "$ref", "#/$defs/measured");
	schema = json_pack("{ss s[ss]}", "description", quantity->meaning, "type", "number", "null");
	if (quantity->kind == KIND_BYTES)
		json_object_set_new(schema, "minimum", json_integer(0));
	return schema;
}

static void declare_quantities(json_t *summary)
{
	for (size_t i = 0; i < QUANTITY_COUNT; i++) {
		const char *group = quantities[i].group;
		json_t *holder = group ? json_object_get(properties(summary), group) : summary;

		json_object_set_new(properties(holder), quantities[i].key, quantity_schema(&quantities[i]));
	}
}

static json_t *key_schema(const struct key *key)
{
	switch (key->type) {
	case KEY_UINT32:
	case KEY_UINT64:
		return json_pack("{ss ss si}", "description", key->meaning, "type", "integer", "minimum", 0);
	case KEY_KNOWN_UINT64:
		return json_pack("{ss s[ss] si}", "description", key->meaning, "type", "integer", "null", "minimum", 0);
	case KEY_FLAG:
		return json_pack("{ss ss}", "description", key->meaning, "type", "boolean");
	case KEY_DIGEST:
		break;
	}
	return json_pack("{ss ss ss}", "description", key->meaning, "type", "string", "pattern", "^[0-9a-f]{16}$");
}

static void declare_keys(json_t *object, const struct key *keys)
{
	for (; keys->name; keys++)
		json_object_set_new(properties(object), keys->name, key_schema(keys));
}

static void declare_parts(json_t *account, const json_t *type)
{
	for (int i = 0; i < SPLIT_COUNT; i++)
		json_object_set_new(properties(account), split_infos[i].name,
				    json_pack("{ss sO}", "description", split_infos[i].help, "type", type));
}

static void declare_doubts(json_t *code)
{
	json_t *codes = json_array();

	for (int i = 0; i < DOUBT_COUNT; i++)
		json_array_append_new(codes, json_string(doubt_texts[i].code));
	json_object_set_new(code, "enum", codes);
}

static void declare_all(json_t *schema)
{
	json_t *whole = json_string("integer"), *median = json_pack("[ss]", "number", "null");

	declare_quantities(definition(schema, "summary"));
	declare_keys(definition(schema, "sample"), sample_keys);
	declare_keys(definition(schema, "invocation"), invocation_keys);
	declare_parts(definition(schema, "account"), whole);
	declare_parts(definition(schema, "account_median"), median);
	declare_doubts(json_object_get(properties(definition(schema, "doubt")), "code"));
	json_decref(whole);
	json_decref(median);
}

/* ---- Writing ---- */

static void new_line(FILE *out, int depth)
{
	putc('\n', out);
	for (int i = 0; i < depth; i++)
		putc('\t', out);
}

static void print_value(FILE *out, const json_t *value, int depth, size_t column);

static void print_object(FILE *out, const json_t *object, int depth)
{
	const char *separator = "{", *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		fputs(separator, out);
		new_line(out, depth + 1);
		fprintf(out, "\"%s\": ", key);
		print_value(out, value, depth + 1, TAB * (size_t)(depth + 1) + strlen(key) + 4);
		separator = ",";
	}
	new_line(out, depth);
	putc('}', out);
}

/* Strings stand side by side, as many as there is room for. */
static void print_array(FILE *out, const json_t *array, int depth)
{
	const char *separator = "[";
	size_t i, column = WIDTH;
	const json_t *value;

	json_array_foreach(array, i, value) {
		size_t width = json_is_string(value) ? json_string_length(value) + 4 : WIDTH;

		fputs(separator, out);
		separator = ",";
		if (column + width > WIDTH) {
			new_line(out, depth + 1);
			column = TAB * (size_t)(depth + 1);
		} else {
			putc(' ', out);
		}
		print_value(out, value, depth + 1, column);
		column += width;
	}
	new_line(out, depth);
	putc(']', out);
}

/* On one line what has room there. */
static void print_value(FILE *out, const json_t *value, int depth, size_t column)
{
	char *line = json_dumps(value, JSON_ENCODE_ANY);

	if (depth > 0 && column + strlen(line) <= WIDTH)
		fputs(line, out);
	else if (json_is_object(value))
		print_object(out, value, depth);
	else if (json_is_array(value))
		print_array(out, value, depth);
	else
		fputs(line, out);
	free(line);
}

static int schema_write(void)
{
	char path[PATH_MAX + 32];
	json_t *schema = schema_read();
	FILE *out;

	if (!schema)
		return 1;
	declare_all(schema);
	schema_path(path);
	out = fopen(path, "w");
	if (out) {
		print_value(out, schema, 0, 0);
		putc('\n', out);
	}
	json_decref(schema);
	return out && fclose(out) == 0 ? 0 : 1;
}

/* ---- Tests ---- */

static void test_the_schema_says_what_the_tables_say(void **state)
{
	json_t *schema = schema_read(), *declared = json_deep_copy(schema), *own;
	const char *name;

	declare_all(declared);
	json_object_foreach(json_object_get(schema, "$defs"), name, own)
		if (!json_equal(own, definition(declared, name)))
			fail_msg("'%s' is not as declared: build/tests/unit-schema --write", name);
	json_decref(declared);
	json_decref(schema);
}

static size_t keys_in(const struct key *keys)
{
	size_t count = 0;

	while (keys[count].name)
		count++;
	return count;
}

static bool begins_group(size_t i)
{
	const char *group = quantities[i].group;

	return group && (i == 0 || !quantities[i - 1].group || strcmp(quantities[i - 1].group, group) != 0);
}

/* Keys that the schema says more of than a table could are its own. */
static void test_the_schema_has_no_other_keys(void **state)
{
	static const char *const of_sample[] = { "account_ns", "workers", "counters", "measures" };
	static const char *const of_summary[] = { "invocations", "rounds", "account_ns", "counters", "measures",
						  "bimodal", "drifts" };
	json_t *schema = schema_read();
	size_t keys = sizeof(of_summary) / sizeof(of_summary[0]);

	for (size_t i = 0; i < QUANTITY_COUNT; i++)
		keys += !quantities[i].group || begins_group(i);
	assert_int_equal(json_object_size(properties(definition(schema, "summary"))), keys);
	keys = keys_in(sample_keys) + sizeof(of_sample) / sizeof(of_sample[0]);
	assert_int_equal(json_object_size(properties(definition(schema, "sample"))), keys);
	assert_int_equal(json_object_size(properties(definition(schema, "invocation"))), keys_in(invocation_keys));
	assert_int_equal(json_object_size(properties(definition(schema, "account"))), SPLIT_COUNT);
	assert_int_equal(json_object_size(properties(definition(schema, "account_median"))), SPLIT_COUNT);
	json_decref(schema);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_schema_says_what_the_tables_say),
		cmocka_unit_test(test_the_schema_has_no_other_keys),
	};

	if (argc > 1 && strcmp(argv[1], "--write") == 0)
		return schema_write();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
