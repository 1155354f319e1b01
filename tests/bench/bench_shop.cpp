// The shop that is measured; see the header.
#include "bench_shop.hpp"

namespace bench {
namespace {

using namespace resys;

const Caller kStaff{.user_id = "staff", .audience = Audience::staff};
const Caller kProcessor{.audience = Audience::processor};

// As Stripe does: a payment is created, paid by the shopper elsewhere, and a webhook tells. Nothing
// here takes time, so only the shop is measured.
class InstantProcessor final : public PaymentProcessor {
 public:
  std::string_view name() const noexcept override { return "instant"; }
  std::vector<ConfigField> config_fields() const override {
    return {{.name = "secretKey", .secret = true, .required = true}};
  }
  Result<void> accepts(Money) const override { return success(); }

  Result<PaymentSnapshot> create_payment(const ProcessorContext&,
                                         const CreatePayment& request) override {
    return PaymentSnapshot{.external_id = "ext_" + request.payment_id.text(),
                           .state = PaymentState::created,
                           .currency = request.amount.currency(),
                           .amount_cents = request.amount.minor(),
                           .client_secret = "secret_" + request.payment_id.text()};
  }
  Result<PaymentSnapshot> capture(const ProcessorContext&, const CapturePayment&) override {
    return unused();
  }
  Result<PaymentSnapshot> cancel(const ProcessorContext&, const CancelPayment&) override {
    return unused();
  }
  Result<RefundSnapshot> refund(const ProcessorContext&, const RefundPayment&) override {
    return unused();
  }
  Result<PaymentSnapshot> fetch(const ProcessorContext&, const FetchPayment&) override {
    return unused();
  }
  // The payload: "<payment id> <amount>".
  Result<WebhookEvent> parse_webhook(const ProcessorContext&,
                                     const ReceiveWebhook& request) override {
    const std::size_t blank = request.payload.find(' ');
    const std::string payment = request.payload.substr(0, blank);
    const std::int64_t amount = std::stoll(request.payload.substr(blank + 1));
    return WebhookEvent{.event_id = "evt_" + payment,
                        .type = "payment.captured",
                        .external_payment_id = "ext_" + payment,
                        .payment_id = payment,
                        .snapshot = PaymentSnapshot{.external_id = "ext_" + payment,
                                                    .state = PaymentState::captured,
                                                    .currency = Currency::parse("EUR").value(),
                                                    .amount_cents = amount,
                                                    .captured_cents = amount,
                                                    .payment_id = payment}};
  }

 private:
  static Error unused() { return Error(Errc::internal, "the benchmark never asks for this"); }
};

std::string sku(int product, const char* size) { return "SKU-" + std::to_string(product) + size; }

}  // namespace

std::string sku_of(std::uint64_t i) {
  const auto product = static_cast<int>(i * 7'919 % kProducts);
  return sku(product, i / kProducts % 2 == 0 ? "-S" : "-L");
}

BenchShop::BenchShop(const std::string& file)
    : shop_(Shop::open({.database = "sqlite:" + file + (file.find('?') == file.npos ? '?' : '&') +
                                    "writer=thread",
                        .secret_keys = {{"bench", std::string(32, 'k')}},
                        .secret_key_id = "bench",
                        .processors = {std::make_shared<InstantProcessor>()},
                        .log = stderr_log(LogLevel::error)})
                .value()) {
  if (shop_->admin().payment_methods().list(kStaff).value().items.empty()) fill();
  payment_ = shop_->admin().payment_methods().list(kStaff).value().items.front().id;
  shipping_ = shop_->admin().shipping_methods().list(kStaff).value().items.front().id;
}

void BenchShop::fill() {
  const Currency eur = Currency::parse("EUR").value();
  shop_->admin().locations().create(kStaff, {.name = "Shelf"}).value();
  for (int i = 0; i < kProducts; ++i) {
    const std::string number = std::to_string(i);
    const auto variant = [&](const char* size, std::int64_t price) {
      return NewVariant{.sku = sku(i, size),
                        .name = size + 1,
                        .options = {{"size", size + 1}},
                        .price_cents = price,
                        .currency = eur,
                        .image_url = "https://cdn.example.com/tea-" + number + size + ".webp"};
    };
    shop_->admin()
        .products()
        .create(kStaff, {.slug = "tea-" + number,
                         .name = "Tea number " + number,
                         .description = "Leaves, dried.",
                         .variants = {variant("-S", 790), variant("-L", 1'690)}})
        .value();
    for (const char* size : {"-S", "-L"}) {
      shop_->admin().stock().set(kStaff, {.sku = sku(i, size), .on_hand = 100'000'000}).value();
    }
  }
  shop_->admin()
      .shipping_methods()
      .create(kStaff, {.name = "Post", .price_cents = 490, .currency = eur})
      .value();
  const auto card = shop_->admin()
                        .payment_methods()
                        .create(kStaff, {.name = "Card", .processor = "instant"})
                        .value();
  shop_->admin()
      .payment_methods()
      .configure(kStaff, {card.id, {{"secretKey", "sk_bench"}}})
      .value();
}

void BenchShop::add_price_rules() {
  for (int i = 0; i < 50; ++i) {
    const auto kind = i % 2 == 0 ? PromotionActionKind::percent_off_lines
                                 : PromotionActionKind::percent_off_order;
    shop_->admin()
        .promotions()
        .create(kStaff, {.name = "Promotion " + std::to_string(i),
                         .actions = {{.kind = kind, .basis_points = 100}}})
        .value();
  }
  shop_->admin().settings().update_taxes(kStaff, {.home_country = "GB"}).value();
  for (int i = 1; i <= 5; ++i) {
    shop_->admin()
        .tax_rates()
        .create(
            kStaff,
            {.name = "Rate " + std::to_string(i), .rate = "2.5", .country = "GB", .priority = i})
        .value();
  }
}

void BenchShop::add_item(const std::string& buyer, const std::string& sku) {
  shop_->cart().add_item({.user_id = buyer}, {.sku = sku, .quantity = 1}).value();
}

void BenchShop::add_items(const std::string& buyer, const std::string& sku,
                          const std::string& other_sku) {
  add_item(buyer, sku);
  add_item(buyer, other_sku);
}

void BenchShop::set_addresses(const std::string& buyer) {
  const AddressInput home{.first_name = "Ada",
                          .last_name = "Lovelace",
                          .line1 = "12 St James's Square",
                          .city = "London",
                          .postal_code = "SW1Y 4JH",
                          .country = "GB",
                          .phone = "+44 20 7946 0000"};
  shop_->checkout()
      .set_addresses({.user_id = buyer},
                     {.shipping_address = home, .email = buyer + "@example.com"})
      .value();
}

void BenchShop::select_shipping(const std::string& buyer) {
  shop_->checkout().select_shipping_method({.user_id = buyer}, {shipping_}).value();
}

Placement BenchShop::place(const std::string& buyer) {
  return shop_->checkout().place_order({.user_id = buyer}, {payment_}).value();
}

void BenchShop::pay(const Placement& placement) {
  const PlacedPayment& payment = placement.payment.value();
  shop_->webhooks()
      .receive(kProcessor,
               {.target = payment_.text(),
                .payload = payment.id.text() + " " + std::to_string(payment.amount_cents)})
      .value();
}

void BenchShop::purchase(const std::string& buyer, const std::string& sku,
                         const std::string& other_sku) {
  add_items(buyer, sku, other_sku);
  set_addresses(buyer);
  select_shipping(buyer);
  pay(place(buyer));
}

Cart BenchShop::cart(const std::string& buyer) {
  return shop_->cart().get({.user_id = buyer}, {}).value();
}

void BenchShop::change_item(const std::string& buyer, const LineItemId& line,
                            std::int64_t quantity) {
  shop_->cart().change_item({.user_id = buyer}, {line, quantity}).value();
}

}  // namespace bench
