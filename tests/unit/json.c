/* What readers of JSON get of values that are missing or of a wrong type. */
#include "base/json.h"
#include "tests/test.h"

static void test_values(void **state)
{
	json_t *object = json_pack("{s:s, s:s, s:i, s:i, s:f, s:n, s:b}", "name", "pool", "empty", "", "count", 3,
				   "debt", -3, "share", 0.5, "nothing", "flag", 1);

	(void)state;
	assert_string_equal(json_text(object, "name"), "pool");
	assert_string_equal(json_text_or(object, "empty", "?"), "");
	assert_true(json_says(object, "name", "pool"));
	assert_true(json_double(object, "share") == 0.5);
	assert_true(json_double(object, "debt") == -3);
	assert_int_equal(json_count(object, "count"), 3);
	assert_int_equal(json_count(object, "debt"), 0);
	json_decref(object);
}

/* Strings and keys of others cannot rewrite a screen, at any depth. */
static void test_clean(void **state)
{
	json_t *document = json_loads("{\"a\\u001b\": [{\"b\": \"x\\u009b\\ny\"}, \"\\u0007\"], \"c\": 1}", 0, NULL);
	json_t *clean = json_loads("{\"a?\": [{\"b\": \"x?\\ny\"}, \"?\"], \"c\": 1}", 0, NULL);

	(void)state;
	assert_int_equal(json_clean(document), 0);
	assert_true(json_equal(document, clean));
	json_decref(document);
	json_decref(clean);
}

static void assert_unknown(const json_t *object, const char *key)
{
	assert_null(json_text(object, key));
	assert_string_equal(json_text_or(object, key, "?"), "?");
	assert_false(json_says(object, key, ""));
	assert_true(isnan(json_double(object, key)));
	assert_int_equal(json_count(object, key), 0);
}

static void test_unknown(void **state)
{
	json_t *object = json_pack("{s:n, s:b, s:[]}", "nothing", "flag", 1, "list"), *list = json_array();

	(void)state;
	assert_unknown(object, "nothing");
	assert_unknown(object, "flag");
	assert_unknown(object, "list");
	assert_unknown(object, "missing");
	assert_unknown(list, "missing");
	assert_unknown(NULL, "missing");
	json_decref(object);
	json_decref(list);
}

static void test_find(void **state)
{
	json_t *list = json_pack("[i, {s:i}, {s:s, s:i}, {s:s, s:i}]", 1, "name", 2, "name", "pool", "value", 3, "name",
				 "pool", "value", 4);

	(void)state;
	assert_int_equal(json_count(json_find(list, "name", "pool"), "value"), 3);
	assert_null(json_find(list, "name", "threads"));
	assert_null(json_find(NULL, "name", "pool"));
	json_decref(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
