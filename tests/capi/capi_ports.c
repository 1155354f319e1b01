/* Ports in C: callbacks that answer at once, later, twice, never and wrongly. */
#include <pthread.h>
#include <string.h>

#include "capi_test.h"

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
void a_shop_that_does_not_open_destroys_nothing(void) {
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

void an_unknown_built_in_processor_is_refused(void) {
  const resys_log log = quiet();
  resys_options options = in_memory(&log);
  resys_shop* shop = NULL;
  resys_error* error = NULL;
  options.processors = text("manual paypal");
  CHECK(resys_shop_open(&options, &shop, &error) == RESYS_INVALID_REQUEST);
  CHECK(shop == NULL);
  CHECK(same(resys_error_field(error), "options.processors"));
  resys_error_free(error);
  options.processors = text("  test   manual ");
  CHECK(resys_shop_open(&options, &shop, NULL) == RESYS_OK);
  resys_shop_close(shop);
}

void a_processor_answers_at_once(void) { with_bank(HOW_AT_ONCE, RESYS_OK); }
void a_processor_answers_from_another_thread(void) { with_bank(HOW_LATER, RESYS_OK); }
void a_processor_answers_twice(void) { with_bank(HOW_TWICE, RESYS_OK); }
void a_processor_never_answers(void) { with_bank(HOW_NEVER, RESYS_OUTCOME_UNKNOWN); }
void a_processor_answers_nonsense(void) { with_bank(HOW_NONSENSE, RESYS_OUTCOME_UNKNOWN); }
void a_processor_s_own_failure_comes_back(void) { with_bank(HOW_FAILS, RESYS_OUTCOME_UNKNOWN); }

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

void mailer_handler_and_clock(void) {
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
      "{\"email\":\"ada@example.com\",\"shippingAddress\":{\"firstName\":\"Ada\","
      "\"lastName\":\"L\",\"line1\":\"1 Main Street\",\"city\":\"London\","
      "\"postalCode\":\"N1 9GU\",\"country\":\"GB\"}}");
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
  CHECK(resys_run_due_work_part(shop, text("deadlines"), 1000, &done, &more, NULL) == RESYS_OK);
  CHECK(done == 0 && more == 0);
  CHECK(resys_run_due_work_part(shop, text("mail"), 1000, &done, &more, NULL) == RESYS_OK);
  CHECK(done == 1 && more == 0);
  CHECK(heard.mails == 1 && heard.events == 0);
  CHECK(resys_run_due_work(shop, 1000, &done, &more, NULL) == RESYS_OK);
  CHECK(done >= 1 && more == 0);
  CHECK(heard.mails == 1 && heard.events == 1);
  resys_shop_close(shop);
}

/* Ten percent of the first item, which is the only one. */
static void calculate(void* payload, resys_text name, const resys_document* request,
                      resys_reply reply) {
  char answer[512];
  const int cents = (int)resys_document_integer(request, "/items/0/amountCents");
  const resys_text line = resys_document_text(request, "/items/0/reference");
  CHECK(same(name, "calculateTaxes"));
  CHECK(same(resys_document_text(request, "/address/country"), "GB"));
  snprintf(answer, sizeof answer,
           "{\"items\":[{\"reference\":\"%.*s\",\"taxes\":[{\"name\":\"Tax\",\"rate\":\"10\","
           "\"taxCents\":%d}]}]}",
           (int)line.size, line.data, cents / 10);
  ++*(int*)payload;
  resys_reply_complete(reply, text(answer));
}

static void check_tax_id(void* payload, resys_text name, const resys_document* request,
                         resys_reply reply) {
  (void)payload;
  CHECK(same(name, "checkTaxId"));
  resys_reply_complete(reply, text(same(resys_document_text(request, "/taxId"), "DE136695976")
                                       ? "{\"registered\":true}"
                                       : "{\"registered\":false}"));
}

void taxes_come_from_the_host(void) {
  const resys_log log = quiet();
  resys_options options = in_memory(&log);
  resys_tax_calculator calculator;
  resys_tax_id_registry registry;
  resys_shop* shop;
  resys_document* order;
  resys_error* error;
  int calls = 0;
  memset(&calculator, 0, sizeof calculator);
  memset(&registry, 0, sizeof registry);
  calculator.struct_size = sizeof calculator;
  calculator.payload = &calls;
  calculator.call = calculate;
  registry.struct_size = sizeof registry;
  registry.call = check_tax_id;
  options.tax_calculator = &calculator;
  options.tax_id_registry = &registry;
  shop = open_with(&options);
  stock(shop);
  act(shop, staff(), "admin.settings.updateTaxes", "{\"source\":\"calculator\"}");
  (void)fill(shop, "test");
  order = call(shop, shopper(), "checkout.setAddresses",
               "{\"email\":\"ada@example.com\",\"shippingAddress\":{\"firstName\":\"Ada\","
               "\"lastName\":\"L\",\"line1\":\"1 Main Street\",\"city\":\"London\","
               "\"postalCode\":\"N1 9GU\",\"country\":\"GB\"}}");
  CHECK(calls >= 1);
  CHECK(resys_document_integer(order, "/taxTotalCents") > 0);
  resys_document_free(order);
  act(shop, staff(), "admin.customers.update", "{\"userId\":\"ada\",\"taxId\":\"DE136695976\"}");
  error = refused(shop, staff(), "admin.customers.update",
                  "{\"userId\":\"ada\",\"taxId\":\"FR40303265045\"}", RESYS_INVALID_REQUEST);
  CHECK(same(resys_error_field(error), "taxId"));
  resys_error_free(error);
  resys_shop_close(shop);
}
