/* What a call costs in C; calls_bench.cpp says more. */
#include <resys.h>
#include <resys_names.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CALLS = 2000, MEMORY_CALLS = 1000000 };

static resys_text text_of(const char* zero_terminated) {
  resys_text text;
  text.data = zero_terminated;
  text.size = RESYS_ZERO_TERMINATED;
  return text;
}

/* Calls and reads one value of the answer, as a host would. */
static int64_t call(resys_shop* shop, int32_t audience, const char* operation,
                    const char* request) {
  resys_caller caller = {0};
  resys_document* answer = NULL;
  int64_t total;
  caller.struct_size = sizeof caller;
  caller.user_id = text_of("ada");
  caller.audience = audience;
  if (resys_call(shop, &caller, text_of(operation), text_of(request), &answer, NULL) != RESYS_OK) {
    fprintf(stderr, "%s was refused\n", operation);
    exit(1);
  }
  total = resys_document_integer(answer, "/totalCents");
  resys_document_free(answer);
  return total;
}

static const char add_one[] = "{\"sku\":\"S\",\"quantity\":1}";

static resys_shop* open_shop(const char* database) {
  resys_options options = {0};
  resys_shop* shop = NULL;
  options.struct_size = sizeof options;
  options.database = text_of(database);
  options.processors = RESYS_WITH_MANUAL;
  if (resys_shop_open(&options, &shop, NULL) != RESYS_OK) exit(1);
  call(shop, RESYS_STAFF, RESYS_OP_ADMIN_PRODUCTS_CREATE,
       "{\"slug\":\"tea\",\"name\":\"Tea\",\"variants\":["
       "{\"sku\":\"S\",\"priceCents\":790,\"currency\":\"EUR\"},"
       "{\"sku\":\"L\",\"priceCents\":1690,\"currency\":\"EUR\"}]}");
  call(shop, RESYS_STAFF, RESYS_OP_ADMIN_LOCATIONS_CREATE, "{\"name\":\"Shelf\"}");
  call(shop, RESYS_STAFF, RESYS_OP_ADMIN_STOCK_SET,
       "{\"sku\":\"S\",\"onHand\":1000000,\"reason\":\"counted\"}");
  call(shop, RESYS_STAFF, RESYS_OP_ADMIN_STOCK_SET,
       "{\"sku\":\"L\",\"onHand\":1000000,\"reason\":\"counted\"}");
  call(shop, RESYS_SHOPPER, RESYS_OP_CART_ADD_ITEM, add_one);
  call(shop, RESYS_SHOPPER, RESYS_OP_CART_ADD_ITEM, "{\"sku\":\"L\",\"quantity\":1}");
  return shop;
}

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static int by_size(const void* left, const void* right) {
  const double a = *(const double*)left, b = *(const double*)right;
  return (a > b) - (a < b);
}

static void print_median(const char* name, resys_shop* shop, const char* operation,
                         const char* request) {
  static double microseconds[CALLS];
  int i;
  for (i = 0; i < CALLS; ++i) {
    const double start = now();
    call(shop, RESYS_SHOPPER, operation, request);
    microseconds[i] = now() - start;
  }
  qsort(microseconds, CALLS, sizeof *microseconds, by_size);
  printf("{\"name\":\"%s\",\"p50Us\":%.1f}\n", name, microseconds[CALLS / 2]);
}

static long resident_bytes(void) {
  long pages = 0;
  FILE* statm = fopen("/proc/self/statm", "r");
  if (statm == NULL || fscanf(statm, "%*d %ld", &pages) != 1) exit(1);
  fclose(statm);
  return pages * sysconf(_SC_PAGESIZE);
}

int main(int argc, char** argv) {
  char database[4096];
  resys_shop* shop;
  long before;
  int i;
  if (argc < 2) return 2;
  snprintf(database, sizeof database, "sqlite:%s/c.db", argv[1]);
  shop = open_shop(database);
  print_median("cart.get", shop, RESYS_OP_CART_GET, "{}");
  print_median("cart.addItem", shop, RESYS_OP_CART_ADD_ITEM, add_one);
  resys_shop_close(shop);
  shop = open_shop("sqlite::memory:");
  print_median("cart.addItem in memory", shop, RESYS_OP_CART_ADD_ITEM, add_one);
  if (argc > 2) {
    for (i = 0; i < MEMORY_CALLS / 20; ++i) call(shop, RESYS_SHOPPER, RESYS_OP_CART_GET, "{}");
    before = resident_bytes();
    for (i = 0; i < MEMORY_CALLS; ++i) call(shop, RESYS_SHOPPER, RESYS_OP_CART_GET, "{}");
    printf("{\"name\":\"memory\",\"calls\":%d,\"grownBytes\":%ld}\n", MEMORY_CALLS,
           resident_bytes() - before);
  }
  resys_shop_close(shop);
  return 0;
}
