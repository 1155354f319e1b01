/* The keys that encrypt: missed when a shop is opened, and rotated. */
#include <string.h>

#include "capi_test.h"

static const char* const kFile = "capi_test_keys.db";

/* A key is missing, which this says. */
static void not_opened(const resys_options* options, const char* key_id) {
  resys_shop* shop = NULL;
  resys_error* error = NULL;
  resys_document* details = NULL;
  CHECK(resys_shop_open(options, &shop, &error) == RESYS_INVALID_REQUEST && shop == NULL);
  CHECK(same(resys_error_field(error), "secretKeys"));
  CHECK(resys_document_parse(resys_error_details(error), &details, NULL) == RESYS_OK);
  CHECK(same(resys_document_text(details, "/keyId"), key_id));
  CHECK(resys_document_integer(details, "/paymentMethods") == 1);
  CHECK(strstr(resys_error_message(error).data, "00000000") == NULL);
  resys_document_free(details);
  resys_error_free(error);
}

void keys_are_missed_and_rotated(void) {
  const resys_log log = quiet();
  resys_options options = in_memory(&log);
  resys_secret_key keys[2];
  resys_shop* shop;
  resys_document* document = NULL;
  watcher seen = {0, 0, RESYS_OK, 0, 0, ""};
  resys_progress progress = {sizeof progress, &seen, watch};
  char request[256];
  keys[0].id = text("k1"), keys[0].key = text("00000000000000000000000000000000");
  keys[1].id = text("k2"), keys[1].key = text("11111111111111111111111111111111");
  remove(kFile), remove("capi_test_keys.db-wal"), remove("capi_test_keys.db-shm");
  options.database = text("sqlite:capi_test_keys.db");
  options.processors = text("test manual stripe");
  options.secret_keys = keys;
  options.secret_key_count = 1;
  options.secret_key_id = text("k1");
  shop = open_with(&options);
  snprintf(request, sizeof request, "%s",
           with_id("{\"paymentMethodId\":\"%s\",\"secretKey\":\"sk_test_x\"}",
                   call(shop, staff(), "admin.paymentMethods.create",
                        "{\"name\":\"Card\",\"processor\":\"stripe\"}"),
                   "/id"));
  act(shop, staff(), "admin.paymentMethods.configure", request);
  resys_shop_close(shop);

  options.secret_keys = &keys[1];
  options.secret_key_id = text("k2");
  not_opened(&options, "k1");
  options.secret_key_count = 0;
  options.secret_key_id = text("");
  not_opened(&options, "k1");
  options.allow_missing_keys = 1;
  shop = open_with(&options);
  CHECK(resys_shop_rotate_keys(shop, NULL, &document, NULL) == RESYS_INVALID_STATE);
  resys_shop_close(shop);
  options.allow_missing_keys = 0;

  options.secret_keys = keys;
  options.secret_key_count = 2;
  options.secret_key_id = text("k2");
  shop = open_with(&options);
  CHECK(resys_shop_rotate_keys(shop, &progress, &document, NULL) == RESYS_OK);
  CHECK(same(resys_document_text(document, "/currentKeyId"), "k2"));
  CHECK(resys_document_integer(document, "/resealed") == 1);
  CHECK(same(resys_document_text(document, "/keys/0/id"), "k1"));
  CHECK(resys_document_integer(document, "/keys/0/paymentMethods") == 0);
  CHECK(resys_document_integer(document, "/keys/1/paymentMethods") == 1);
  CHECK(seen.done == 1 && seen.total == 1 && strcmp(seen.last_step, "seal") == 0);
  resys_document_free(document);
  CHECK(resys_shop_rotate_keys(NULL, NULL, &document, NULL) == RESYS_INVALID_REQUEST);
  CHECK(resys_shop_rotate_keys(shop, NULL, NULL, NULL) == RESYS_INVALID_REQUEST);
  resys_shop_close(shop);

  options.secret_keys = &keys[1];
  options.secret_key_count = 1;
  resys_shop_close(open_with(&options));
  remove(kFile), remove("capi_test_keys.db-wal"), remove("capi_test_keys.db-shm");
}
