/* The C interface, used from C99. `capi_test NAME` runs one case, anything else all of them. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resys.h"

#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) {                                                         \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                  \
    }                                                                           \
  } while (0)

static resys_text text(const char* literal) {
  resys_text made;
  made.data = literal;
  made.size = RESYS_ZERO_TERMINATED;
  return made;
}

static int same(resys_text got, const char* wanted) {
  return got.size == strlen(wanted) && memcmp(got.data, wanted, got.size) == 0 &&
         got.data[got.size] == '\0';
}

static resys_caller shopper(void) {
  resys_caller caller;
  memset(&caller, 0, sizeof caller);
  caller.struct_size = sizeof caller;
  caller.user_id = text("ada");
  return caller;
}

static resys_caller staff(void) {
  resys_caller caller = shopper();
  caller.user_id = text("grace");
  caller.audience = RESYS_STAFF;
  return caller;
}

static void quiet_write(void* payload, int32_t level, resys_text message) {
  (void)payload, (void)level, (void)message;
}

static resys_log quiet(void) {
  resys_log log;
  memset(&log, 0, sizeof log);
  log.struct_size = sizeof log;
  log.write = quiet_write;
  return log;
}

static resys_options in_memory(const resys_log* log) {
  resys_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.database = text("sqlite::memory:");
  options.processors = RESYS_WITH_TEST | RESYS_WITH_MANUAL;
  options.reply_timeout_ms = 2000;
  options.log = log;
  return options;
}

static resys_shop* open_with(const resys_options* options) {
  resys_shop* shop = NULL;
  resys_error* error = NULL;
  const resys_status status = resys_shop_open(options, &shop, &error);
  if (status != RESYS_OK) fprintf(stderr, "%s\n", resys_error_message(error).data);
  CHECK(status == RESYS_OK && error == NULL && shop != NULL);
  return shop;
}

static resys_document* call(resys_shop* shop, resys_caller caller, const char* operation,
                            const char* request) {
  resys_document* answer = NULL;
  resys_error* error = NULL;
  if (resys_call(shop, &caller, text(operation), text(request), &answer, &error) != RESYS_OK) {
    fprintf(stderr, "%s: %s (%s)\n", operation, resys_error_message(error).data,
            resys_error_field(error).data);
    exit(1);
  }
  return answer;
}

static void act(resys_shop* shop, resys_caller caller, const char* operation, const char* request) {
  resys_document_free(call(shop, caller, operation, request));
}

/* The error of a call that must fail with this code. */
static resys_error* refused(resys_shop* shop, resys_caller caller, const char* operation,
                            const char* request, resys_status code) {
  resys_document* answer = NULL;
  resys_error* error = NULL;
  const resys_status status =
      resys_call(shop, &caller, text(operation), text(request), &answer, &error);
  if (status != code) fprintf(stderr, "%s: %d, not %d\n", operation, status, code);
  CHECK(status == code && answer == NULL && error != NULL);
  CHECK(resys_error_code(error) == code);
  return error;
}

static char* with_id(const char* format, resys_document* document, const char* pointer) {
  static char made[512];
  snprintf(made, sizeof made, format, resys_document_text(document, pointer).data);
  resys_document_free(document);
  return made;
}

static void stock(resys_shop* shop) {
  act(shop, staff(), "admin.products.create",
      "{\"slug\":\"tea\",\"name\":\"Tea\",\"variants\":[{\"sku\":\"TEA\",\"name\":\"100 g\","
      "\"priceCents\":790,\"currency\":\"EUR\"}]}");
  act(shop, staff(), "admin.locations.create", "{\"name\":\"Shelf\"}");
  act(shop, staff(), "admin.stock.set", "{\"sku\":\"TEA\",\"onHand\":12,\"reason\":\"counted\"}");
}

/* The request that places the shopper's order with a method of this processor. */
static char* fill(resys_shop* shop, const char* processor) {
  char method[128];
  resys_document* post = call(shop, staff(), "admin.shippingMethods.create",
                              "{\"name\":\"Post\",\"priceCents\":490,\"currency\":\"EUR\"}");
  act(shop, shopper(), "cart.addItem", "{\"sku\":\"TEA\",\"quantity\":2}");
  act(shop, shopper(), "checkout.setAddresses",
      "{\"shippingAddress\":{\"firstName\":\"Ada\",\"lastName\":\"L\",\"line1\":\"1 Main Street\","
      "\"city\":\"London\",\"postalCode\":\"N1 9GU\",\"country\":\"GB\"}}");
  act(shop, shopper(), "checkout.selectShippingMethod",
      with_id("{\"shippingMethodId\":\"%s\"}", post, "/id"));
  snprintf(method, sizeof method, "{\"name\":\"Card\",\"processor\":\"%s\"}", processor);
  return with_id("{\"paymentMethodId\":\"%s\"}",
                 call(shop, staff(), "admin.paymentMethods.create", method), "/id");
}

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
  caller.user_id = broken;
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

/* ---- ports */

enum { HOW_AT_ONCE, HOW_LATER, HOW_TWICE, HOW_NEVER, HOW_NONSENSE, HOW_FAILS };

typedef struct bank {
  int how;
  int destroyed;
  int mark; /* whose address is the failure's host data */
  resys_shop* shop;
  resys_reply late;
  pthread_t thread;
} bank;

static const char* kPaid =
    "{\"externalId\":\"bank-1\",\"state\":\"captured\",\"currency\":\"EUR\",\"amountCents\":2070,"
    "\"capturedCents\":2070}";

static void* answer_later(void* payload) {
  bank* self = payload;
  resys_reply_complete(self->late, text(kPaid));
  return NULL;
}

static void bank_call(void* payload, resys_text name, const resys_document* request,
                      resys_reply reply) {
  bank* self = payload;
  CHECK(same(name, "createPayment") || same(name, "fetch"));
  CHECK(resys_document_integer(request, "/amountCents") == 2070);
  CHECK(same(resys_document_text(request, "/currency"), "EUR"));
  /* A callback may call back. */
  act(self->shop, shopper(), "cart.get", "");
  self->late = reply;
  switch (self->how) {
    case HOW_AT_ONCE:
      resys_reply_complete(reply, text(kPaid));
      break;
    case HOW_LATER:
      CHECK(pthread_create(&self->thread, NULL, answer_later, self) == 0);
      break;
    case HOW_TWICE:
      resys_reply_complete(reply, text(kPaid));
      resys_reply_fail(reply, RESYS_INTERNAL, text("no"), NULL);
      resys_reply_complete(reply, text("{}"));
      break;
    case HOW_NEVER:
      break;
    case HOW_NONSENSE:
      resys_reply_complete(reply, text("{\"state\":\"rich\"}"));
      break;
    default:
      resys_reply_fail(reply, RESYS_OUTCOME_UNKNOWN, text("the bank is closed"), &self->mark);
  }
}

static void bank_destroy(void* payload) { ++((bank*)payload)->destroyed; }

static void with_bank(int how, resys_status wanted) {
  const resys_log log = quiet();
  resys_options options = in_memory(&log);
  resys_processor processor;
  bank self;
  char* request;
  memset(&self, 0, sizeof self);
  memset(&processor, 0, sizeof processor);
  self.how = how;
  processor.struct_size = sizeof processor;
  processor.payload = &self;
  processor.destroy = bank_destroy;
  processor.call = bank_call;
  processor.description = text("{\"name\":\"bank\",\"currencies\":[\"EUR\"]}");
  options.host_processors = &processor;
  options.host_processor_count = 1;
  options.reply_timeout_ms = how == HOW_NEVER ? 50 : 2000;
  self.shop = open_with(&options);
  stock(self.shop);
  request = fill(self.shop, "bank");
  if (wanted == RESYS_OK) {
    resys_document* placed = call(self.shop, shopper(), "checkout.placeOrder", request);
    CHECK(same(resys_document_text(placed, "/order/state"), "Complete"));
    resys_document_free(placed);
  } else {
    resys_error* error = refused(self.shop, shopper(), "checkout.placeOrder", request, wanted);
    CHECK(resys_error_host_data(error) == (how == HOW_FAILS ? &self.mark : NULL));
    CHECK(strstr(resys_error_details(error).data, "hostData") == NULL);
    resys_error_free(error);
  }
  if (how == HOW_LATER) CHECK(pthread_join(self.thread, NULL) == 0);
  resys_reply_complete(self.late, text(kPaid)); /* too late: nothing happens */
  CHECK(self.destroyed == 0);
  resys_shop_close(self.shop);
  CHECK(self.destroyed == 1);
}

/* Whatever was wrong, the host keeps what it gave. */
static void a_shop_that_does_not_open_destroys_nothing(void) {
  const resys_log log = quiet();
  resys_options options = in_memory(&log);
  resys_processor processors[2];
  resys_shop* shop = NULL;
  bank self;
  int i;
  memset(&self, 0, sizeof self);
  memset(processors, 0, sizeof processors);
  for (i = 0; i < 2; ++i) {
    processors[i].struct_size = sizeof processors[i];
    processors[i].payload = &self;
    processors[i].destroy = bank_destroy;
    processors[i].call = bank_call;
    processors[i].description = text("{\"name\":\"bank\"}");
  }
  options.host_processors = processors;
  options.host_processor_count = 2; /* of the same name */
  CHECK(resys_shop_open(&options, &shop, NULL) == RESYS_INVALID_REQUEST);
  processors[1].description = text("{\"nome\":\"bank\"}");
  CHECK(resys_shop_open(&options, &shop, NULL) == RESYS_INVALID_REQUEST);
  processors[1].call = NULL;
  CHECK(resys_shop_open(&options, &shop, NULL) == RESYS_INVALID_REQUEST);
  CHECK(shop == NULL && self.destroyed == 0);
}

static void a_processor_answers_at_once(void) { with_bank(HOW_AT_ONCE, RESYS_OK); }
static void a_processor_answers_from_another_thread(void) { with_bank(HOW_LATER, RESYS_OK); }
static void a_processor_answers_twice(void) { with_bank(HOW_TWICE, RESYS_OK); }
static void a_processor_never_answers(void) { with_bank(HOW_NEVER, RESYS_OUTCOME_UNKNOWN); }
static void a_processor_answers_nonsense(void) { with_bank(HOW_NONSENSE, RESYS_OUTCOME_UNKNOWN); }
static void a_processor_s_own_failure_comes_back(void) {
  with_bank(HOW_FAILS, RESYS_OUTCOME_UNKNOWN);
}

typedef struct heard {
  int mails;
  int events;
} heard;

static void take_mail(void* payload, resys_text name, const resys_document* request,
                      resys_reply reply) {
  CHECK(same(name, "sendMail"));
  CHECK(same(resys_document_text(request, "/to"), "ada@example.com"));
  ++((heard*)payload)->mails;
  resys_reply_complete(reply, text("{}"));
}

static void take_event(void* payload, resys_text name, const resys_document* request,
                       resys_reply reply) {
  CHECK(same(name, "handle"));
  CHECK(same(resys_document_text(request, "/event/type"), "OrderCompleted"));
  ++((heard*)payload)->events;
  resys_reply_complete(reply, text("{}"));
}

static int64_t a_fixed_time(void* payload) {
  (void)payload;
  return INT64_C(1800000000000000);
}

static void mailer_handler_and_clock(void) {
  const resys_log log = quiet();
  resys_options options = in_memory(&log);
  resys_mailer mailer;
  resys_event_handler handler;
  resys_clock clock;
  heard heard = {0, 0};
  resys_shop* shop;
  resys_document* placed;
  int64_t done = 0;
  int32_t more = 1;
  memset(&mailer, 0, sizeof mailer);
  memset(&handler, 0, sizeof handler);
  memset(&clock, 0, sizeof clock);
  mailer.struct_size = sizeof mailer;
  mailer.payload = &heard;
  mailer.call = take_mail;
  handler.struct_size = sizeof handler;
  handler.payload = &heard;
  handler.call = take_event;
  handler.description = text("{\"name\":\"warehouse\",\"types\":[\"OrderCompleted\"]}");
  clock.struct_size = sizeof clock;
  clock.now = a_fixed_time;
  options.mailer = &mailer;
  options.event_handlers = &handler;
  options.event_handler_count = 1;
  options.clock = &clock;
  shop = open_with(&options);
  stock(shop);
  (void)fill(shop, "test");
  act(shop, shopper(), "checkout.setAddresses",
      "{\"email\":\"ada@example.com\",\"shippingAddress\":{\"firstName\":\"Ada\",\"lastName\":"
      "\"L\","
      "\"line1\":\"1 Main Street\",\"city\":\"London\",\"postalCode\":\"N1\",\"country\":\"GB\"}}");
  act(shop, shopper(), "checkout.selectShippingMethod",
      with_id("{\"shippingMethodId\":\"%s\"}",
              call(shop, shopper(), "checkout.listShippingMethods", ""), "/items/0/id"));
  placed = call(shop, shopper(), "checkout.placeOrder",
                with_id("{\"paymentMethodId\":\"%s\"}",
                        call(shop, shopper(), "checkout.listPaymentMethods", ""), "/items/0/id"));
  CHECK(strncmp(resys_document_text(placed, "/order/placedAt").data, "2027-01-15T08:00:00", 19) ==
        0);
  act(shop, shopper(), "testPayments.pay",
      with_id("{\"clientSecret\":\"%s\",\"card\":\"4242424242424242\"}", placed,
              "/payment/clientSecret"));
  CHECK(resys_run_due_work(shop, 1000, &done, &more, NULL) == RESYS_OK);
  CHECK(done >= 2 && more == 0);
  CHECK(heard.mails == 1 && heard.events == 1);
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
    {"documents", documents},
    {"http", http},
    {"a_shop_that_does_not_open_destroys_nothing", a_shop_that_does_not_open_destroys_nothing},
    {"a_processor_answers_at_once", a_processor_answers_at_once},
    {"a_processor_answers_from_another_thread", a_processor_answers_from_another_thread},
    {"a_processor_answers_twice", a_processor_answers_twice},
    {"a_processor_never_answers", a_processor_never_answers},
    {"a_processor_answers_nonsense", a_processor_answers_nonsense},
    {"a_processor_s_own_failure_comes_back", a_processor_s_own_failure_comes_back},
    {"mailer_handler_and_clock", mailer_handler_and_clock},
    {"many_threads", many_threads},
    {"about_the_library", about_the_library},
};

int main(int argc, char** argv) {
  size_t i, ran = 0;
  const size_t count = sizeof kCases / sizeof kCases[0];
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
  printf("All tests passed (%lu assertions in %lu test cases)\n", (unsigned long)ran,
         (unsigned long)ran);
  return 0;
}
