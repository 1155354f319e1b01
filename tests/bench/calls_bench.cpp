// What a call costs in C++, for comparison with the other languages: `calls_bench FOLDER
// [--memory]`. Prints a figure a line as JSON; tests/bench/bindings runs it beside calls_bench.c,
// python_bench.py and node_bench.mjs, which do the same.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <resys/resys.hpp>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

using namespace resys;

constexpr int kCalls = 2'000;
constexpr int kPlacements = 2'048;
constexpr int kMemoryCalls = 1'000'000;

class BenchShop {
 public:
  explicit BenchShop(const std::string& database)
      : shop_(Shop::open({.database = database,
                          .processors = {manual_processor()},
                          .log = stderr_log(LogLevel::error)})
                  .value()) {
    const Caller staff{.user_id = "staff", .audience = Audience::staff};
    const Currency eur = Currency::parse("EUR").value();
    shop_->admin()
        .products()
        .create(staff, {.slug = "tea",
                        .name = "Tea",
                        .variants = {{.sku = "S", .price_cents = 790, .currency = eur},
                                     {.sku = "L", .price_cents = 1690, .currency = eur}}})
        .value();
    shop_->admin().locations().create(staff, {.name = "Shelf"}).value();
    for (const char* sku : {"S", "L"}) {
      shop_->admin().stock().set(staff, {.sku = sku, .on_hand = 1'000'000}).value();
    }
    shipping_ = shop_->admin()
                    .shipping_methods()
                    .create(staff, {.name = "Post", .price_cents = 490, .currency = eur})
                    .value()
                    .id;
    payment_ = shop_->admin()
                   .payment_methods()
                   .create(staff, {.name = "Invoice", .processor = "manual"})
                   .value()
                   .id;
    add(ada_, "S");
    add(ada_, "L");
  }

  void get() { shop_->cart().get(ada_).value(); }
  void add_item() { add(ada_, "S"); }

  // Each thread places orders of its own, whose carts were filled before.
  double placements_per_second(int threads) {
    const int each = kPlacements / threads;
    std::vector<std::thread> running;
    const auto in_threads = [&](const auto& body) {
      for (int thread = 0; thread < threads; ++thread) {
        running.emplace_back([&body, thread, each] {
          for (int i = 0; i < each; ++i) {
            body(Caller{.user_id = std::to_string(thread) + "-" + std::to_string(i)});
          }
        });
      }
      for (std::thread& thread : running) thread.join();
      running.clear();
    };
    in_threads([&](const Caller& buyer) { fill(buyer); });
    const auto start = std::chrono::steady_clock::now();
    in_threads(
        [&](const Caller& buyer) { shop_->checkout().place_order(buyer, {payment_}).value(); });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return each * threads / took.count();
  }

 private:
  void add(const Caller& buyer, const char* sku) {
    shop_->cart().add_item(buyer, {.sku = sku, .quantity = 1}).value();
  }

  void fill(const Caller& buyer) {
    add(buyer, "S");
    add(buyer, "L");
    const AddressInput home{.first_name = "Ada",
                            .last_name = "L",
                            .line1 = "1 Main Street",
                            .city = "London",
                            .postal_code = "N1 9GU",
                            .country = "GB"};
    shop_->checkout().set_addresses(buyer, {.shipping_address = home}).value();
    shop_->checkout().select_shipping_method(buyer, {shipping_}).value();
  }

  const Caller ada_{.user_id = "ada"};
  std::unique_ptr<Shop> shop_;
  ShippingMethodId shipping_;
  PaymentMethodId payment_;
};

template <class Call>
void print_median(const char* name, const Call& call) {
  std::vector<double> microseconds;
  for (int i = 0; i < kCalls; ++i) {
    const auto start = std::chrono::steady_clock::now();
    call();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    microseconds.push_back(took.count());
  }
  std::nth_element(microseconds.begin(), microseconds.begin() + kCalls / 2, microseconds.end());
  std::printf("{\"name\":\"%s\",\"p50Us\":%.1f}\n", name, microseconds[kCalls / 2]);
}

long resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0;
  statm >> pages >> pages;  // the second is what is resident
  return pages * sysconf(_SC_PAGESIZE);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string folder = argv[1];
  {
    BenchShop shop("sqlite:" + folder + "/cpp.db");
    print_median("cart.get", [&] { shop.get(); });
    print_median("cart.addItem", [&] { shop.add_item(); });
  }
  BenchShop in_memory("sqlite::memory:");
  print_median("cart.addItem in memory", [&] { in_memory.add_item(); });
  for (const int threads : {16, 64}) {
    BenchShop shop("sqlite:" + folder + "/cpp" + std::to_string(threads) + ".db");
    std::printf("{\"name\":\"place_order\",\"threads\":%d,\"perSecond\":%.0f}\n", threads,
                shop.placements_per_second(threads));
  }
  if (argc < 3) return 0;
  for (int i = 0; i < kMemoryCalls / 20; ++i) in_memory.get();
  const long before = resident_bytes();
  for (int i = 0; i < kMemoryCalls; ++i) in_memory.get();
  std::printf("{\"name\":\"memory\",\"calls\":%d,\"grownBytes\":%ld}\n", kMemoryCalls,
              resident_bytes() - before);
}
