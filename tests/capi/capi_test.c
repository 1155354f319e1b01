/* The C interface, used from C99. `capi_test NAME` runs one case, anything else all of them. */
#include "capi_test.h"

#include <pthread.h>
#include <string.h>

/* ---- the cases */

static void purchase(void) {
  const resys_log log = quiet();
  const resys_options options = in_memory(&log);
  resys_shop* shop = open_with(&options);
  resys_document *placed, *order;
  char number[64];
  stock(shop);
  placed = call(shop, shopper(), "checkout.placeOrder", fill(shop, "test"));
  CHECK(resys_document_integer(placed, "/order/totalCents") == 2070);
  CHECK(same(resys_document_text(placed, "/order/state"), "Payment"));
  snprintf(number, sizeof number, "{\"number\":\"%s\"}",
           resys_document_text(placed, "/order/number").data);
  act(shop, shopper(), "testPayments.pay",
      with_id("{\"clientSecret\":\"%s\",\"card\":\"4242424242424242\"}", placed,
              "/payment/clientSecret"));
  order = call(shop, shopper(), "orders.get", number);
  CHECK(same(resys_document_text(order, "/state"), "Complete"));
  CHECK(resys_document_count(order, "/lineItems") == 1);
  CHECK(same(resys_document_text(order, "/lineItems/0/sku"), "TEA"));
  CHECK(resys_document_kind(order, "/lineItems/1") == RESYS_KIND_ABSENT);
  CHECK(resys_document_kind(order, "/completedAt") == RESYS_KIND_TEXT);
  resys_document_free(order);
  resys_shop_close(shop);
}

static void errors_have_all_facts(void) {
  const resys_log log = quiet();
  const resys_options options = in_memory(&log);
  resys_shop* shop = open_with(&options);
  resys_error* error;
  stock(shop);
  error = refused(shop, shopper(), "cart.addItem", "{\"sku\":\"TEA\",\"quantity\":0}",
                  RESYS_INVALID_REQUEST);
  CHECK(same(resys_error_name(error), "invalid_request"));
  CHECK(same(resys_error_field(error), "quantity"));
  CHECK(resys_error_http_status(error) == 400);
  CHECK(resys_error_retry(error) == RESYS_RETRY_NEVER);
  CHECK(resys_error_host_data(error) == NULL);
  CHECK(resys_error_details(error).data[0] == '{');
  resys_error_free(error);
  resys_error_free(refused(shop, shopper(), "admin.stock.list", "", RESYS_FORBIDDEN));
  resys_error_free(refused(shop, shopper(), "no.such", "{}", RESYS_NOT_FOUND));
  CHECK(resys_error_code(NULL) == RESYS_OK);
  CHECK(same(resys_error_message(NULL), ""));
  resys_error_free(NULL);
  resys_shop_close(shop);
}

static void misuse_is_an_error(void) {
  const resys_log log = quiet();
  resys_options options = in_memory(&log);
  resys_shop* shop = NULL;
  resys_error* error = NULL;
  resys_document* answer = NULL;
  resys_caller caller = shopper();
  const resys_text broken = {"\xff\xfe", 2}, null_text = {NULL, 5};
  CHECK(resys_shop_open(NULL, &shop, &error) == RESYS_INVALID_REQUEST);
  CHECK(same(resys_error_field(error), "options"));
  resys_error_free(error);
  CHECK(resys_shop_open(&options, NULL, NULL) == RESYS_INVALID_REQUEST);
  options.struct_size = 3;
  CHECK(resys_shop_open(&options, &shop, NULL) == RESYS_INVALID_REQUEST);
  options.struct_size = sizeof options;
  options.database = null_text;
  CHECK(resys_shop_open(&options, &shop, NULL) == RESYS_INVALID_REQUEST);
  options.database = text("oracle:db");
  CHECK(resys_shop_open(&options, &shop, NULL) == RESYS_INVALID_REQUEST);
  options = in_memory(&log);
  options.host_processor_count = 1;
  CHECK(resys_shop_open(&options, &shop, NULL) == RESYS_INVALID_REQUEST);
  CHECK(shop == NULL);

  options = in_memory(&log);
  shop = open_with(&options);
  CHECK(resys_call(NULL, &caller, text("cart.get"), text(""), &answer, NULL) ==
        RESYS_INVALID_REQUEST);
  CHECK(resys_call(shop, NULL, text("cart.get"), text(""), &answer, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_call(shop, &caller, text("cart.get"), text(""), NULL, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_call(shop, &caller, broken, text(""), &answer, NULL) == RESYS_NOT_FOUND);
  CHECK(resys_call(shop, &caller, text("cart.get"), broken, &answer, NULL) ==
        RESYS_INVALID_REQUEST);
  CHECK(resys_call(shop, &caller, text("cart.get"), text("[1"), &answer, NULL) ==
        RESYS_INVALID_REQUEST);
  CHECK(resys_call(shop, &caller, text("cart.get"), null_text, &answer, NULL) ==
        RESYS_INVALID_REQUEST);
  {
    const resys_text behind_zero = RESYS_TEXT("{}\0{\"quantity\":9}");
    const resys_text no_store = {"", 0}, absent = {NULL, 0};
    resys_error* error = NULL;
    CHECK(resys_call(shop, &caller, text("cart.get"), behind_zero, &answer, NULL) ==
          RESYS_INVALID_REQUEST);
    caller.store = no_store;
    CHECK(resys_call(shop, &caller, text("cart.get"), text(""), &answer, &error) ==
          RESYS_INVALID_REQUEST);
    CHECK(same(resys_error_field(error), "store"));
    resys_error_free(error);
    caller.store = absent;
    CHECK(resys_call(shop, &caller, text("cart.get"), text(""), &answer, NULL) == RESYS_OK);
    resys_document_free(answer);
    answer = NULL;
  }
  caller.user_id = broken;
  CHECK(resys_call(shop, &caller, text("cart.get"), text(""), &answer, NULL) ==
        RESYS_INVALID_REQUEST);
  caller = shopper();
  caller.group_count = 1;
  CHECK(resys_call(shop, &caller, text("cart.get"), text(""), &answer, NULL) ==
        RESYS_INVALID_REQUEST);
  caller.groups = &broken;
  CHECK(resys_call(shop, &caller, text("cart.get"), text(""), &answer, NULL) ==
        RESYS_INVALID_REQUEST);
  caller = shopper();
  caller.audience = 7;
  CHECK(resys_call(shop, &caller, text("cart.get"), text(""), &answer, NULL) ==
        RESYS_INVALID_REQUEST);
  CHECK(answer == NULL);
  {
    const size_t size = 2 * 1024 * 1024;
    char* huge = malloc(size);
    resys_text request;
    memset(huge, ' ', size);
    request.data = huge;
    request.size = size;
    caller = shopper();
    CHECK(resys_call(shop, &caller, text("cart.get"), request, &answer, NULL) == RESYS_TOO_LARGE);
    free(huge);
  }
  CHECK(resys_run_due_work(NULL, 1, NULL, NULL, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_run_due_work(shop, 0, NULL, NULL, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_run_due_work_part(NULL, text("mail"), 1, NULL, NULL, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_run_due_work_part(shop, text("mails"), 1, NULL, NULL, &error) ==
        RESYS_INVALID_REQUEST);
  CHECK(same(resys_error_field(error), "part"));
  resys_error_free(error);
  CHECK(resys_handle(shop, &caller, NULL, NULL, NULL) == RESYS_INVALID_REQUEST);
  resys_document_free(NULL);
  resys_http_response_free(NULL);
  resys_worker_stop(NULL);
  resys_shop_close(shop);
  resys_shop_close(NULL);
}

static void documents(void) {
  resys_document* document = NULL;
  CHECK(resys_document_parse(text("{\"a/b\":[true,null,1.5,-3,\"\\u00e9\"]}"), &document, NULL) ==
        RESYS_OK);
  CHECK(resys_document_kind(document, "") == RESYS_KIND_OBJECT);
  CHECK(resys_document_kind(document, NULL) == RESYS_KIND_OBJECT);
  CHECK(resys_document_count(document, "/a~1b") == 5);
  CHECK(resys_document_boolean(document, "/a~1b/0") == 1);
  CHECK(resys_document_kind(document, "/a~1b/1") == RESYS_KIND_NULL);
  CHECK(resys_document_kind(document, "/a~1b/2") == RESYS_KIND_NUMBER);
  CHECK(resys_document_integer(document, "/a~1b/3") == -3);
  CHECK(same(resys_document_text(document, "/a~1b/4"), "\xc3\xa9"));
  CHECK(resys_document_kind(document, "no pointer") == RESYS_KIND_ABSENT);
  CHECK(resys_document_kind(document, "/a~1b/x") == RESYS_KIND_ABSENT);
  CHECK(resys_document_integer(document, "/a~1b/4") == 0);
  CHECK(same(resys_document_text(document, "/a~1b/3"), ""));
  CHECK(resys_document_json(document).data[0] == '{');
  resys_document_free(document);
  document = NULL;
  CHECK(resys_document_parse(text("{"), &document, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_document_parse(text("{}"), NULL, NULL) == RESYS_INVALID_REQUEST);
  CHECK(document == NULL);
  CHECK(resys_document_kind(NULL, "") == RESYS_KIND_ABSENT);
}

static void prices_are_those_of_the_caller_s_groups(void) {
  const resys_log log = quiet();
  const resys_options options = in_memory(&log);
  resys_shop* shop = open_with(&options);
  const resys_text groups[] = {RESYS_TEXT("club"), RESYS_TEXT("trade")};
  resys_caller caller = shopper();
  resys_document *list, *cart;
  char request[200];
  stock(shop);
  list = call(shop, staff(), "admin.priceLists.create",
              "{\"name\":\"Trade\",\"currency\":\"EUR\",\"customerGroups\":[\"trade\"]}");
  snprintf(request, sizeof request,
           "{\"priceListId\":\"%s\",\"prices\":[{\"sku\":\"TEA\",\"priceCents\":1}]}",
           resys_document_text(list, "/id").data);
  act(shop, staff(), "admin.priceLists.setPrices", request);
  resys_document_free(list);
  caller.groups = groups;
  caller.group_count = 2;
  cart = call(shop, caller, "cart.addItem", "{\"sku\":\"TEA\",\"quantity\":3}");
  CHECK(resys_document_integer(cart, "/totalCents") == 3);
  resys_document_free(cart);
  caller.group_count = 1;
  cart = call(shop, caller, "cart.get", "{}");
  CHECK(same(resys_document_text(cart, "/problems/0"), "price_changed"));
  resys_document_free(cart);
  resys_shop_close(shop);
}

static void http(void) {
  const resys_log log = quiet();
  const resys_options options = in_memory(&log);
  resys_shop* shop = open_with(&options);
  resys_caller caller = shopper();
  resys_http_response* response = NULL;
  resys_header header;
  resys_http_request request;
  size_t i;
  int has_type = 0;
  stock(shop);
  memset(&request, 0, sizeof request);
  request.struct_size = sizeof request;
  request.method = text("POST");
  request.target = text("/api/storefront/cart/items");
  header.name = text("content-type");
  header.value = text("application/json");
  request.headers = &header;
  request.header_count = 1;
  request.body = text("{\"sku\":\"TEA\",\"quantity\":1}");
  CHECK(resys_handle(shop, &caller, &request, &response, NULL) == RESYS_OK);
  CHECK(resys_http_response_status(response) == 200);
  CHECK(strstr(resys_http_response_body(response).data, "\"success\":true") != NULL);
  for (i = 0; i < resys_http_response_header_count(response); ++i) {
    has_type |= same(resys_http_response_header(response, i).name, "Content-Type");
  }
  CHECK(has_type);
  CHECK(resys_http_response_header(response, i).name.size == 0);
  resys_http_response_free(response);
  request.target = text("/nowhere");
  CHECK(resys_handle(shop, &caller, &request, &response, NULL) == RESYS_OK);
  CHECK(resys_http_response_status(response) == 404);
  resys_http_response_free(response);
  CHECK(resys_handles(text("/api/x")) && !resys_handles(text("/x")));
  resys_shop_close(shop);
}

static void* add_items(void* payload) {
  int i;
  for (i = 0; i < 200; ++i) {
    resys_caller caller = shopper();
    resys_document* cart = NULL;
    CHECK(resys_call(payload, &caller, text("cart.addItem"),
                     text("{\"sku\":\"TEA\",\"quantity\":1}"), &cart, NULL) == RESYS_OK);
    resys_document_free(cart);
  }
  return NULL;
}

static void many_threads(void) {
  const resys_log log = quiet();
  const resys_options options = in_memory(&log);
  resys_shop* shop = open_with(&options);
  resys_worker* worker = NULL;
  resys_document* cart;
  pthread_t threads[8];
  int i;
  stock(shop);
  CHECK(resys_worker_start(shop, 1, &worker, NULL) == RESYS_OK);
  for (i = 0; i < 8; ++i) CHECK(pthread_create(&threads[i], NULL, add_items, shop) == 0);
  for (i = 0; i < 8; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
  cart = call(shop, shopper(), "cart.get", "");
  CHECK(resys_document_integer(cart, "/itemCount") == 1600);
  resys_document_free(cart);
  resys_worker_stop(worker);
  resys_shop_close(shop);
}

static const char* const kCopy = "capi_test_copy.db";

static void backup_and_check(void) {
  const resys_log log = quiet();
  resys_options options = in_memory(&log);
  resys_shop* shop = open_with(&options);
  resys_document* document = NULL;
  resys_error* error = NULL;
  watcher seen = {0, 0, RESYS_OK, 0, 0, ""};
  resys_progress progress = {sizeof progress, &seen, watch};
  remove(kCopy), remove("capi_test_copy.db-wal"), remove("capi_test_copy.db-shm");
  stock(shop);

  CHECK(resys_shop_backup(shop, text(kCopy), &progress, &document, &error) == RESYS_OK);
  CHECK(error == NULL);
  CHECK(same(resys_document_text(document, "/path"), kCopy));
  CHECK(resys_document_integer(document, "/pages") == seen.total);
  CHECK(resys_document_integer(document, "/schemaVersion") >= 1);
  CHECK(seen.calls >= 2 && seen.done == seen.total && strcmp(seen.last_step, "check") == 0);
  resys_document_free(document);
  document = NULL;
  CHECK(resys_shop_backup(shop, text(kCopy), NULL, &document, &error) == RESYS_CONFLICT);
  CHECK(document == NULL && same(resys_error_field(error), "path"));
  resys_error_free(error);
  resys_shop_close(shop);

  options.database = text("sqlite:capi_test_copy.db");
  shop = open_with(&options);
  memset(&seen, 0, sizeof seen);
  CHECK(resys_shop_check(shop, &progress, &document, NULL) == RESYS_OK);
  CHECK(resys_document_count(document, "/differences") == 0);
  CHECK(resys_document_integer(document, "/checked/stores") == 1);
  CHECK(resys_document_integer(document, "/checked/variants") == 1);
  CHECK(seen.calls > 20 && seen.done == seen.total && strcmp(seen.last_step, "stores") == 0);
  resys_document_free(document);
  document = NULL;

  /* The callback's own code comes back; nothing is left behind. */
  memset(&seen, 0, sizeof seen);
  seen.stop_at = 3;
  seen.with = RESYS_PAYMENT_DECLINED;
  CHECK(resys_shop_check(shop, &progress, &document, &error) == RESYS_PAYMENT_DECLINED);
  CHECK(document == NULL && resys_error_code(error) == RESYS_PAYMENT_DECLINED && seen.calls == 3);
  resys_error_free(error);
  memset(&seen, 0, sizeof seen);
  seen.stop_at = 1;
  seen.with = 12345; /* no code */
  CHECK(resys_shop_backup(shop, text("capi_test_none.db"), &progress, &document, NULL) ==
        RESYS_INTERNAL);
  CHECK(document == NULL && remove("capi_test_none.db") != 0);

  CHECK(resys_shop_backup(NULL, text("x"), NULL, &document, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_shop_backup(shop, text(""), NULL, &document, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_shop_backup(shop, text("x"), NULL, NULL, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_shop_check(NULL, NULL, &document, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_shop_check(shop, NULL, NULL, NULL) == RESYS_INVALID_REQUEST);
  progress.call = NULL;
  CHECK(resys_shop_check(shop, &progress, &document, NULL) == RESYS_INVALID_REQUEST);
  progress.call = watch;
  progress.struct_size = 3;
  CHECK(resys_shop_check(shop, &progress, &document, NULL) == RESYS_INVALID_REQUEST);
  CHECK(document == NULL);
  resys_shop_close(shop);
  remove(kCopy), remove("capi_test_copy.db-wal"), remove("capi_test_copy.db-shm");
}

static void the_engine_is_told(void) {
  const resys_log log = quiet();
  const resys_options options = in_memory(&log);
  resys_shop* shop = open_with(&options);
  resys_document* engine = NULL;
  resys_error* error = NULL;
  CHECK(resys_shop_engine(shop, &engine, &error) == RESYS_OK && error == NULL);
  CHECK(same(resys_document_text(engine, "/name"), "SQLite"));
  CHECK(strncmp(resys_document_text(engine, "/version").data, "3.", 2) == 0);
  CHECK(resys_document_kind(engine, "/hasWalResetBug") == RESYS_KIND_BOOLEAN);
  resys_document_free(engine);
  engine = NULL;
  CHECK(resys_shop_engine(NULL, &engine, &error) == RESYS_INVALID_REQUEST && engine == NULL);
  CHECK(same(resys_error_field(error), "shop"));
  resys_error_free(error);
  CHECK(resys_shop_engine(shop, NULL, NULL) == RESYS_INVALID_REQUEST);
  resys_shop_close(shop);
}

/* What a host gets back is never as long as what somebody has sent. */
static void errors_are_short(void) {
  const resys_log log = quiet();
  const resys_options options = in_memory(&log);
  resys_shop* shop = open_with(&options);
  const size_t size = 1000000;
  char* request = malloc(size + 16);
  resys_error* error;
  CHECK(request != NULL);
  memset(request, 'n', size + 8);
  memcpy(request, "{\"", 2);
  memcpy(request + size + 2, "\":1}", 5);
  error = refused(shop, shopper(), "cart.addItem", request, RESYS_INVALID_REQUEST);
  CHECK(resys_error_field(error).size == 80);
  CHECK(strstr(resys_error_field(error).data, "(1000000 bytes)") != NULL);
  resys_error_free(error);
  error = refused(shop, shopper(), request, "{}", RESYS_NOT_FOUND);
  CHECK(resys_error_details(error).size < 2000);
  resys_error_free(error);
  free(request);
  resys_shop_close(shop);
}

static void about_the_library(void) {
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", RESYS_VERSION_MAJOR, RESYS_VERSION_MINOR,
           RESYS_VERSION_PATCH);
  CHECK(same(resys_version(), version));
  CHECK(strstr(resys_describe().data, "\"cart.addItem\"") != NULL);
  CHECK(strstr(resys_openapi().data, "\"openapi\":\"3.1.0\"") != NULL);
}

static const struct {
  const char* name;
  void (*run)(void);
} kCases[] = {
    {"purchase", purchase},
    {"errors_have_all_facts", errors_have_all_facts},
    {"misuse_is_an_error", misuse_is_an_error},
    {"prices_are_those_of_the_caller_s_groups", prices_are_those_of_the_caller_s_groups},
    {"documents", documents},
    {"http", http},
    {"a_shop_that_does_not_open_destroys_nothing", a_shop_that_does_not_open_destroys_nothing},
    {"an_unknown_built_in_processor_is_refused", an_unknown_built_in_processor_is_refused},
    {"a_processor_answers_at_once", a_processor_answers_at_once},
    {"a_processor_answers_from_another_thread", a_processor_answers_from_another_thread},
    {"a_processor_answers_twice", a_processor_answers_twice},
    {"a_processor_never_answers", a_processor_never_answers},
    {"a_processor_answers_nonsense", a_processor_answers_nonsense},
    {"a_processor_s_own_failure_comes_back", a_processor_s_own_failure_comes_back},
    {"mailer_handler_and_clock", mailer_handler_and_clock},
    {"taxes_come_from_the_host", taxes_come_from_the_host},
    {"many_threads", many_threads},
    {"backup_and_check", backup_and_check},
    {"the_engine_is_told", the_engine_is_told},
    {"keys_are_missed_and_rotated", keys_are_missed_and_rotated},
    {"errors_are_short", errors_are_short},
    {"about_the_library", about_the_library},
};

int main(int argc, char** argv) {
  size_t i, ran = 0, count = sizeof kCases / sizeof kCases[0];
  for (i = 0; i < count; ++i) {
    if (argc == 2 && strcmp(argv[1], kCases[i].name) == 0) {
      kCases[i].run();
      return 0;
    }
  }
  for (i = 0; i < count; ++i) {
    fprintf(stderr, "%s\n", kCases[i].name);
    kCases[i].run();
    ++ran;
  }
  /* As Catch2 says it: tests/support/suites.py counts by this line. */
  printf("All tests passed (%u assertions in %u test cases)\n", (unsigned)ran, (unsigned)ran);
  return 0;
}
