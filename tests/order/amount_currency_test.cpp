// Requests may say the currency of their amounts: another one than is meant is refused, and nothing
// has happened.
#include "support/forwarding_processor.hpp"
#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();
const Currency kYen = Currency::parse("JPY").value();

// Refused in yen, done in euros.
template <class Request, class Call>
auto only_in_euros(Request request, const Call& call) {
  request.currency = kYen;
  const Error error = refusal(call(request), Errc::unsupported_currency, "currency");
  CHECK(error.fact("currency") == "JPY");
  CHECK(error.fact("expectedCurrency") == "EUR");
  request.currency = kEuro;
  return call(request).value();
}

// Takes the money at once, and says another currency when it gives some back.
class Confused final : public ForwardingProcessor {
 public:
  Confused() : ForwardingProcessor("confused", test_processor()) {}
  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override {
    return paid(ForwardingProcessor::create_payment(context, request));
  }
  Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                const FetchPayment& request) override {
    return paid(ForwardingProcessor::fetch(context, request));
  }
  Result<RefundSnapshot> refund(const ProcessorContext&, const RefundPayment& request) override {
    return RefundSnapshot{.external_id = "refund of " + request.idempotency_key,
                          .state = RefundState::succeeded,
                          .amount_cents = request.amount.minor(),
                          .currency = said};
  }
  Currency said = kYen;

 private:
  static Result<PaymentSnapshot> paid(Result<PaymentSnapshot> snapshot) {
    if (snapshot.has_error()) return snapshot;
    snapshot.value().state = PaymentState::captured;
    snapshot.value().captured_cents = snapshot.value().amount_cents;
    return snapshot;
  }
};

}  // namespace

TEST_CASE("a price is changed in the currency that it is in") {
  PayingShop world;
  Shop& shop = *world.shop;
  Admin admin = world.shop->admin();
  const Product product =
      only_in_euros(UpdateVariant{.sku = "TEA", .price_cents = 500}, [&](const auto& request) {
        CHECK(shop.products().get(shopper(), {"tea"}).value().variants[0].price_cents == 790);
        return admin.variants().update(staff(), request);
      });
  CHECK(product.variants[0].price_cents == 500);
  CHECK(product.variants[0].currency == kEuro);

  AdminShippingMethods shipping = world.shop->admin().shipping_methods();
  const UpdateShippingMethod dearer{.shipping_method_id = world.post, .price_cents = 600};
  CHECK(only_in_euros(dearer, [&](const auto& request) {
          CHECK(shipping.list(staff()).value().items[0].price_cents != 600);
          return shipping.update(staff(), request);
        }).price_cents == 600);
}

TEST_CASE("a total is accepted in the order's currency, also when it is placed once more") {
  PayingShop world;
  world.fill(shopper());
  world.reprice("TEA", 800);
  const auto place = [&](const auto& request) {
    return world.shop->checkout().place_order(shopper(), request);
  };
  const Error changed = refusal(place(PlaceOrder{world.card}), Errc::price_changed);
  const PlaceOrder accepted{.payment_method_id = world.card,
                            .accept_total_cents = changed.fact("newTotalCents", 0)};
  const Order order = only_in_euros(accepted, place).order;
  CHECK(only_in_euros(accepted, place).order.number == order.number);
}

TEST_CASE("staff say how much money came, or goes back, in the order's currency") {
  PayingShop world;
  Admin admin = world.shop->admin();
  const std::string number = world.place(shopper(), world.transfer).order.number;
  const Order paid = only_in_euros(MarkOrderPaid{number, 100}, [&](const auto& request) {
    CHECK(world.order(number).paid_cents == 0);
    return admin.orders().mark_paid(staff(), request);
  });
  CHECK(paid.paid_cents == 100);
  const Order refunded =
      only_in_euros(RefundOrder{.number = number, .amount_cents = 40}, [&](const auto& request) {
        CHECK(world.order(number).paid_cents == 100);
        return admin.orders().refund(staff(), request);
      });
  CHECK(refunded.paid_cents == 60);
}

TEST_CASE("a refund that a processor answers in another currency is not counted") {
  const auto confused = std::make_shared<Confused>();
  BuyingShop world({.processors = {confused, test_processor(), manual_processor()}});
  const PaymentMethodId method = world.add_method("Confused", "confused");
  const std::string number = world.place(shopper(), method).order.number;
  REQUIRE(world.order(number).state == OrderState::complete);
  const RefundOrder part{.number = number, .amount_cents = 100};
  check_refused(world.shop->admin().orders().refund(staff(), part), Errc::outcome_unknown);
  CHECK(world.order(number).payments[0].refunded_cents == 0);
  CHECK(world.order(number).payments[0].refund_pending_cents == 100);  // it is asked again

  confused->said = kEuro;
  for (int hour = 0; hour < 4; ++hour) {
    world.clock->advance(kMicrosPerHour);
    world.work();
  }
  CHECK(world.order(number).payments[0].refunded_cents == 100);
}
