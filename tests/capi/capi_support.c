/* A shop of the C interface to test with: opened, stocked, called. */
#include <string.h>

#include "capi_test.h"

resys_text text(const char* literal) {
  resys_text made;
  made.data = literal;
  made.size = RESYS_ZERO_TERMINATED;
  return made;
}

int same(resys_text got, const char* wanted) {
  return got.size == strlen(wanted) && memcmp(got.data, wanted, got.size) == 0 &&
         got.data[got.size] == '\0';
}

resys_caller shopper(void) {
  resys_caller caller;
  memset(&caller, 0, sizeof caller);
  caller.struct_size = sizeof caller;
  caller.user_id = text("ada");
  return caller;
}

resys_caller staff(void) {
  resys_caller caller = shopper();
  caller.user_id = text("grace");
  caller.audience = RESYS_STAFF;
  return caller;
}

static void quiet_write(void* payload, int32_t level, resys_text message) {
  (void)payload, (void)level, (void)message;
}

resys_log quiet(void) {
  resys_log log;
  memset(&log, 0, sizeof log);
  log.struct_size = sizeof log;
  log.write = quiet_write;
  return log;
}

resys_options in_memory(const resys_log* log) {
  resys_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.database = text("sqlite::memory:");
  options.processors = text("test manual");
  options.reply_timeout_ms = 2000;
  options.log = log;
  return options;
}

resys_shop* open_with(const resys_options* options) {
  resys_shop* shop = NULL;
  resys_error* error = NULL;
  const resys_status status = resys_shop_open(options, &shop, &error);
  if (status != RESYS_OK) fprintf(stderr, "%s\n", resys_error_message(error).data);
  CHECK(status == RESYS_OK && error == NULL && shop != NULL);
  return shop;
}

resys_document* call(resys_shop* shop, resys_caller caller, const char* operation,
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

void act(resys_shop* shop, resys_caller caller, const char* operation, const char* request) {
  resys_document_free(call(shop, caller, operation, request));
}

resys_error* refused(resys_shop* shop, resys_caller caller, const char* operation,
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

char* with_id(const char* format, resys_document* document, const char* pointer) {
  static char made[512];
  snprintf(made, sizeof made, format, resys_document_text(document, pointer).data);
  resys_document_free(document);
  return made;
}

void stock(resys_shop* shop) {
  act(shop, staff(), "admin.products.create",
      "{\"slug\":\"tea\",\"name\":\"Tea\",\"variants\":[{\"sku\":\"TEA\",\"name\":\"100 g\","
      "\"priceCents\":790,\"currency\":\"EUR\"}]}");
  act(shop, staff(), "admin.locations.create", "{\"name\":\"Shelf\"}");
  act(shop, staff(), "admin.stock.set", "{\"sku\":\"TEA\",\"onHand\":12,\"reason\":\"counted\"}");
}

char* fill(resys_shop* shop, const char* processor) {
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

resys_status watch(void* payload, resys_text step, int64_t done, int64_t total) {
  watcher* self = payload;
  ++self->calls;
  CHECK(step.size < sizeof self->last_step);
  memcpy(self->last_step, step.data, step.size + 1);
  CHECK(done >= 0 && done <= total);
  self->done = done;
  self->total = total;
  return self->calls == self->stop_at ? self->with : RESYS_OK;
}
