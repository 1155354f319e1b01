/* A shop at the terminal: `./shop shop.db`. Type "SKU QUANTITY" to fill the cart, an empty line to
 * buy. Built with: cc -std=c99 shop.c -o shop $(pkg-config --cflags --libs resys-c) */
#include <resys.h>
#include <resys_names.h>
#include <stdarg.h>
#include <stdio.h>

enum { SHOPPER = RESYS_SHOPPER, STAFF = RESYS_STAFF };
static resys_shop* shop;

static resys_text text_of(const char* zero_terminated) {
  const resys_text text = {zero_terminated, RESYS_ZERO_TERMINATED};
  return text;
}

/* Calls an operation; `request` is a format. NULL if it was refused, which is said. */
static resys_document* call(int32_t who, const char* operation, const char* request, ...) {
  const resys_caller caller = {
      .struct_size = sizeof caller, .user_id = text_of("ada"), .audience = who};
  resys_document* answer = NULL;
  resys_error* error = NULL;
  char filled[1024];
  va_list values;
  va_start(values, request);
  vsnprintf(filled, sizeof filled, request, values);
  va_end(values);
  if (resys_call(shop, &caller, text_of(operation), text_of(filled), &answer, &error) != RESYS_OK) {
    printf("refused: %s %s\n", resys_error_message(error).data, resys_error_details(error).data);
    resys_error_free(error);
  }
  return answer;
}

static void stock_an_empty_shop(void) {
  static const struct {
    const char *operation, *request;
  } steps[] = {
      {RESYS_OP_ADMIN_PRODUCTS_CREATE,
       "{\"slug\":\"tea\",\"name\":\"Tea\",\"variants\":["
       "{\"sku\":\"GREEN\",\"name\":\"green\",\"priceCents\":790,\"currency\":\"EUR\"},"
       "{\"sku\":\"BLACK\",\"name\":\"black\",\"priceCents\":690,\"currency\":\"EUR\"}]}"},
      {RESYS_OP_ADMIN_LOCATIONS_CREATE, "{\"name\":\"Shelf\"}"},
      {RESYS_OP_ADMIN_STOCK_SET, "{\"sku\":\"GREEN\",\"onHand\":12,\"reason\":\"counted\"}"},
      {RESYS_OP_ADMIN_STOCK_SET, "{\"sku\":\"BLACK\",\"onHand\":3,\"reason\":\"counted\"}"},
      {RESYS_OP_ADMIN_SHIPPING_METHODS_CREATE,
       "{\"name\":\"Post\",\"priceCents\":490,\"currency\":\"EUR\"}"},
      {RESYS_OP_ADMIN_PAYMENT_METHODS_CREATE, "{\"name\":\"Card\",\"processor\":\"test\"}"}};
  resys_document* products = call(SHOPPER, RESYS_OP_PRODUCTS_LIST, "{}");
  const int is_empty = resys_document_count(products, "/items") == 0;
  resys_document_free(products);
  for (size_t i = 0; is_empty && i < sizeof steps / sizeof *steps; ++i) {
    resys_document_free(call(STAFF, steps[i].operation, "%s", steps[i].request));
  }
}

static void pay(const resys_document* placed) {
  resys_document_free(call(SHOPPER, RESYS_OP_TEST_PAYMENTS_PAY,
                           "{\"clientSecret\":\"%s\",\"card\":\"4242424242424242\"}",
                           resys_document_text(placed, "/payment/clientSecret").data));
  resys_document* order = call(SHOPPER, RESYS_OP_ORDERS_GET, "{\"number\":\"%s\"}",
                               resys_document_text(placed, "/order/number").data);
  printf("order %s is %s\n", resys_document_text(order, "/number").data,
         resys_document_text(order, "/state").data);
  resys_document_free(order);
}

static void buy(void) {
  resys_document_free(
      call(SHOPPER, RESYS_OP_CHECKOUT_SET_ADDRESSES,
           "{\"shippingAddress\":{\"firstName\":\"Ada\",\"lastName\":\"Lovelace\",\"line1\":"
           "\"1 Main Street\",\"city\":\"London\",\"postalCode\":\"N1 9GU\",\"country\":\"GB\"}}"));
  resys_document* shipping = call(SHOPPER, RESYS_OP_CHECKOUT_LIST_SHIPPING_METHODS, "{}");
  resys_document_free(call(SHOPPER, RESYS_OP_CHECKOUT_SELECT_SHIPPING_METHOD,
                           "{\"shippingMethodId\":\"%s\"}",
                           resys_document_text(shipping, "/items/0/id").data));
  resys_document* methods = call(SHOPPER, RESYS_OP_CHECKOUT_LIST_PAYMENT_METHODS, "{}");
  resys_document* placed =
      call(SHOPPER, RESYS_OP_CHECKOUT_PLACE_ORDER, "{\"paymentMethodId\":\"%s\"}",
           resys_document_text(methods, "/items/0/id").data);
  if (placed != NULL) pay(placed);
  resys_document_free(placed);
  resys_document_free(methods);
  resys_document_free(shipping);
}

int main(int argc, char** argv) {
  char database[512], line[128], sku[64];
  snprintf(database, sizeof database, "sqlite:%s", argc > 1 ? argv[1] : ":memory:");
  const resys_options options = {
      .struct_size = sizeof options, .database = text_of(database), .processors = text_of("test")};
  resys_error* error = NULL;
  if (resys_shop_open(&options, &shop, &error) != RESYS_OK) {
    fprintf(stderr, "%s\n", resys_error_message(error).data);
    return 1;
  }
  stock_an_empty_shop();
  while (fgets(line, sizeof line, stdin) != NULL && line[0] != '\n') {
    int quantity = 1;
    if (sscanf(line, "%63[A-Z] %d", sku, &quantity) < 1) continue;
    resys_document* cart =
        call(SHOPPER, RESYS_OP_CART_ADD_ITEM, "{\"sku\":\"%s\",\"quantity\":%d}", sku, quantity);
    if (cart == NULL) continue; /* it was refused, and said why */
    printf("%d cents in the cart\n", (int)resys_document_integer(cart, "/totalCents"));
    resys_document_free(cart);
  }
  buy();
  resys_shop_close(shop);
  return 0;
}
