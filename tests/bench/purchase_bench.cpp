// How many whole purchases a second one shop does, on a file that survives power loss: cart,
// addresses, shipping, place order, pay, order completed. The test processor answers at once.
#include <benchmark/benchmark.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include <resys/resys.hpp>

namespace resys {
namespace {

// A shop with one product that never runs out, in a folder of its own.
class PurchaseBench : public benchmark::Fixture {
 public:
  void SetUp(const benchmark::State& state) override {
    if (state.thread_index() != 0) return;
    folder_ = std::filesystem::temp_directory_path() / "resys_bench";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
    shop_ = Shop::open({.database = "sqlite:" + (folder_ / "shop.db").string(),
                        .processors = {test_processor()},
                        .log = stderr_log(LogLevel::error)})
                .value();
    const Caller staff{.user_id = "staff", .audience = Audience::staff};
    const Currency eur = Currency::parse("EUR").value();
    NewVariant variant{.sku = "TEA", .name = "100 g", .price_cents = 790, .currency = eur};
    shop_->catalog()
        .create_product(staff, {.slug = "tea", .name = "Tea", .variants = {variant}})
        .value();
    shop_->inventory().create_location(staff, {.name = "Shelf"}).value();
    shop_->inventory().set_stock(staff, {.sku = "TEA", .on_hand = 1'000'000}).value();
    shipping_ = shop_->shipping_methods()
                    .create(staff, {.name = "Post", .price_cents = 490, .currency = eur})
                    .value()
                    .id;
    payment_ =
        shop_->payment_methods().create(staff, {.name = "Card", .processor = "test"}).value().id;
  }

  void TearDown(const benchmark::State& state) override {
    if (state.thread_index() != 0) return;
    shop_.reset();
    std::filesystem::remove_all(folder_);
  }

 protected:
  void purchase() {
    const Caller buyer{.user_id = "buyer-" + std::to_string(++buyers_)};
    shop_->carts().add_item(buyer, {.sku = "TEA", .quantity = 1}).value();
    shop_->checkout()
        .set_addresses(buyer, {.shipping_address = AddressInput{.first_name = "Ada",
                                                                .last_name = "L",
                                                                .line1 = "1 Main Street",
                                                                .city = "London",
                                                                .postal_code = "N1 9GU",
                                                                .country = "GB"}})
        .value();
    shop_->checkout().select_shipping_method(buyer, {shipping_}).value();
    const Placement placed = shop_->checkout().place(buyer, {payment_}).value();
    shop_->payments().pay_test(buyer, {placed.payment->client_secret, "4242424242424242"}).value();
  }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Shop> shop_;
  ShippingMethodId shipping_;
  PaymentMethodId payment_;
  std::atomic<std::int64_t> buyers_ = 0;
};

BENCHMARK_DEFINE_F(PurchaseBench, Purchase)(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) purchase();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_REGISTER_F(PurchaseBench, Purchase)->ThreadRange(1, 16)->UseRealTime();

}  // namespace
}  // namespace resys
