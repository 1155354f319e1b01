// See the header.
#include "fuzz/fuzzed_shop.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "support/callers.hpp"

namespace resys::test {
namespace {

constexpr int kInputsPerShop = 500;
constexpr std::size_t kLongestMessage = 1'000;
constexpr std::size_t kLongestField = 300;
constexpr std::size_t kShown = 4'000;  // of what led to a failure, its end

}  // namespace

FuzzedShop::FuzzedShop() { open(); }

void FuzzedShop::open() {
  clock = std::make_shared<TestClock>();
  transport = std::make_shared<FuzzedTransport>();
  shop_ = Shop::open({.database = "sqlite::memory:",
                      .secret_keys = {{"k1", std::string(32, 'k')}},
                      .secret_key_id = "k1",
                      .processors = {test_processor(), manual_processor(), stripe_processor()},
                      .clock = clock,
                      .random = std::make_shared<SeededRandom>(1),
                      .log = std::make_shared<RecordingLog>(),
                      .http = transport})
              .value();
  const Currency eur = Currency::parse("EUR").value();
  shop_->admin()
      .products()
      .create(staff(),
              {.slug = "tea",
               .name = "Tea",
               .variants = {{.sku = "TEA", .name = "Tea", .price_cents = 790, .currency = eur}}})
      .value();
  shop_->admin().locations().create(staff(), {.name = "Shelf"}).value();
  shop_->admin().stock().set(staff(), {.sku = "TEA", .on_hand = 1'000}).value();
  shop_->admin().shipping_methods().create(staff(), {.name = "Post", .currency = eur}).value();
  shop_->admin().settings().update_checkout(staff(), {.guest_checkout = true}).value();
  AdminPaymentMethods methods = shop_->admin().payment_methods();
  methods.create(staff(), {.name = "Card", .processor = "test"}).value();
  methods.create(staff(), {.name = "Transfer", .processor = "manual"}).value();
  stripe = methods.create(staff(), {.name = "Stripe", .processor = "stripe"}).value().id;
  methods
      .configure(staff(), {stripe,
                           {{"secretKey", "sk_test_fuzz"},
                            {"publishableKey", "pk_test_fuzz"},
                            {"webhookSecret", kWebhookSecret}}})
      .value();
}

bool FuzzedShop::renew_now_and_then() {
  if (++inputs_ % kInputsPerShop != 0) return false;
  open();
  return true;
}

void fail(const std::string& sentence, const std::string& context) {
  const std::string end = context.substr(context.size() - std::min(context.size(), kShown));
  std::fprintf(stderr, "%s\n%s\n", sentence.c_str(), end.c_str());
  std::abort();
}

void check_error(const Error& error, const std::string& context) {
  const std::string told = error.message() + " (" + error.field() + ")\n" + context;
  if (error.code() == Errc::internal) fail("an input was a defect", told);
  if (error.code() == Errc::storage) fail("an input broke the storage", told);
  if (error.message().empty()) fail("an error says nothing", told);
  if (error.message().size() > kLongestMessage) fail("an error's message is too long", told);
  if (error.message().find('\n') != std::string::npos) fail("a message has two lines", told);
  if (error.field().size() > kLongestField) fail("an error's field is too long", told);
}

}  // namespace resys::test
