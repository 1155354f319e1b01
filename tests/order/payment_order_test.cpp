// Answer, webhook, reconciler, shopper and clock in every order and number: whatever comes first,
// the money and the order end up together.
#include <algorithm>
#include <map>
#include <random>
#include <thread>

#include "support/paying_shop.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

// One thing that happens to a purchase. Each may come at any time, also while the call that makes
// the payment is under way, and any number of times.
enum class Happening { pays, is_told, is_told_old_news, is_asked, cancels, expires };
constexpr int kHappenings = 6;

class Purchase {
 public:
  Purchase(PayingShop& world, Caller caller) : world_(world), caller_(std::move(caller)) {}

  // Places it; the first so many things happen before the answer of the processor is there.
  void run(const std::vector<Happening>& happenings, std::size_t before_answer) {
    world_.fill(caller_);
    world_.model->before_answer(Call::create, [&] {
      for (std::size_t i = 0; i < before_answer; ++i) happen(happenings[i]);
    });
    (void)world_.shop->checkout().place_order(caller_, {world_.method});
    for (std::size_t i = before_answer; i < happenings.size(); ++i) happen(happenings[i]);
    end();
  }

 private:
  std::string intent() { return world_.intent(world_.newest(caller_)); }

  void happen(Happening happening) {
    const Order order = world_.newest(caller_);
    switch (happening) {
      case Happening::pays:
        news_.push_back(world_.model->webhook(intent()));
        world_.model->pay(intent());
        news_.push_back(world_.model->webhook(intent(), "news"));
        news_.push_back(world_.model->webhook(intent()));
        break;
      case Happening::is_told:
        for (const ReceiveWebhook& each : news_) (void)world_.receive(each);
        break;
      case Happening::is_told_old_news:
        for (auto each = news_.rbegin(); each != news_.rend(); ++each) (void)world_.receive(*each);
        break;
      case Happening::is_asked:
        world_.wait(kMicrosPerMinute);
        break;
      case Happening::cancels:
        (void)world_.shop->orders().cancel(caller_, {order.number});
        break;
      case Happening::expires:
        world_.wait(16 * kMicrosPerMinute);
        break;
    }
  }

  // Nothing more happens but what has to.
  void end() {
    happen(Happening::is_told);
    world_.wait(16 * kMicrosPerMinute);
    world_.wait(kMicrosPerHour);
    const Order order = world_.order(world_.newest(caller_).number);
    const PaymentSnapshot it = world_.model->intent(intent());
    std::int64_t kept = it.captured_cents;
    for (const RefundSnapshot& refund : it.refunds) kept -= refund.amount_cents;
    const bool is_complete = order.state == OrderState::complete;
    CHECK(kept == (is_complete ? order.total_cents : 0));
    CHECK((is_complete || order.state == OrderState::delivery ||
           order.state == OrderState::canceled));
    CHECK(world_.count(order.number, EventType::external_payment_captured) ==
          (it.captured_cents > 0));
    CHECK(world_.count(order.number, EventType::order_completed) == is_complete);
    CHECK(world_.count(order.number, EventType::payment_mismatch) == 0);
    // Money that was there in time is never sent back.
    CHECK(world_.count(order.number, EventType::late_payment_refunded) == 0);
  }

  PayingShop& world_;
  const Caller caller_;
  std::vector<ReceiveWebhook> news_;
};

std::string text_of(const std::vector<Happening>& happenings, std::size_t before_answer) {
  constexpr const char* names[kHappenings] = {"pays",     "is told", "is told old news",
                                              "is asked", "cancels", "expires"};
  std::string text;
  for (std::size_t i = 0; i < happenings.size(); ++i) {
    text += (i == before_answer ? "| " : "") +
            std::string(names[static_cast<std::size_t>(happenings[i])]) + ", ";
  }
  return text;
}

}  // namespace

TEST_CASE("a purchase ends well in whatever order it is heard of") {
  PayingShop world(1'000'000);
  const auto length = static_cast<int>(by_tier(2, 3, 4));
  int purchases = 0;
  std::vector<Happening> happenings;
  const std::function<void()> each = [&] {
    for (std::size_t before = 0; before <= happenings.size(); ++before) {
      INFO(text_of(happenings, before));
      Purchase(world, shopper("buyer" + std::to_string(++purchases))).run(happenings, before);
    }
    if (static_cast<int>(happenings.size()) == length) return;
    for (int next = 0; next < kHappenings; ++next) {
      happenings.push_back(static_cast<Happening>(next));
      each();
      happenings.pop_back();
    }
  };
  each();
  CHECK(world.model->intents().size() == static_cast<std::size_t>(purchases));
}

TEST_CASE("one payment is heard of eight times at once", "[concurrent]") {
  for (int round = 0; round < by_tier(2, 5, 40); ++round) {
    PayingShop world;
    const Order order = world.place_here().order;
    const std::string intent = world.intent(order);
    world.model->pay(intent);
    const ReceiveWebhook same = world.model->webhook(intent);
    const ReceiveWebhook news = world.model->webhook(intent, "news");
    const auto other = world.open();
    world.clock->advance(kMicrosPerMinute);
    const std::vector<std::function<bool()>> ways{
        [&] { return world.receive(same).has_value(); },
        [&] { return world.receive(same).has_value(); },
        [&] { return world.receive(*other, same).has_value(); },
        [&] { return world.receive(world.model->webhook(intent)).has_value(); },
        [&] { return world.receive(news).has_value(); },
        [&] { return other->run_due_work().has_value(); },
        [&] { return world.shop->run_due_work().has_value(); },
        [&] {
          (void)world.shop->checkout().reopen(shopper());
          return true;
        },
    };
    std::atomic<int> done = 0;
    std::vector<std::thread> threads;
    for (const auto& way : ways) threads.emplace_back([&] { done += way(); });
    for (std::thread& thread : threads) thread.join();
    world.work();
    CHECK(done == static_cast<int>(ways.size()));
    CHECK(world.order(order.number).state == OrderState::complete);
    CHECK(world.count(order.number, EventType::external_payment_captured) == 1);
    CHECK(world.count(order.number, EventType::order_completed) == 1);
    CHECK(world.mails("Order Confirmation") == 1);
  }
}

TEST_CASE("eight shoppers' windows place one order at once", "[concurrent]") {
  for (int round = 0; round < by_tier(2, 5, 40); ++round) {
    PayingShop world;
    world.fill(shopper());
    std::mutex mutex;
    std::vector<Placement> placed;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        auto answer = world.shop->checkout().place_order(shopper(), {world.method});
        const std::lock_guard lock(mutex);
        if (answer.has_value()) placed.push_back(std::move(answer).value());
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(placed.size() == 8);
    for (const Placement& each : placed) {
      CHECK(each.payment->id == placed[0].payment->id);
      CHECK(each.payment->client_secret == placed[0].payment->client_secret);
    }
    CHECK(world.model->intents().size() == 1);
    CHECK(world.stock("TEA").reserved == 2);
  }
}

// ---- a random walk

namespace {

enum class Story {
  buying,
  canceling,  // orders of several payments, which staff cancel while the processor is in trouble
};

// Buyers, staff, the bank, the network and the clock do at random what they may do. After each step
// the books are checked.
class Walk {
 public:
  Walk(Story story, std::uint64_t seed) : story_(story), random_(seed) {}

  void run(int steps) {
    if (story_ == Story::canceling) {
      for (int i = 0; i < 3; ++i) order_in_parts(shopper("buyer" + std::to_string(i)));
    }
    for (int i = 0; i < steps; ++i) {
      INFO("step " << i);
      try {
        step();
      } catch (const Crash&) {
        world_.restart();
      }
      require_sound();
    }
    end();
    for (const auto& [number, was_complete] : canceled_) check_canceled(number, was_complete);
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  // Any intent that exists; empty if there is none.
  std::string some_intent() {
    const auto all = world_.model->intents();
    return all.empty() ? std::string() : all[below(all.size())].external_id;
  }
  std::string some_number() {
    const auto all = world_.shop->admin().orders().list(staff(), {.limit = 200}).value().items;
    return all.empty() ? std::string("none") : all[below(all.size())].number;
  }

  void require_sound() {
    const CheckReport report = world_.shop->check().value();
    for (const Difference& each : report.differences) {
      FAIL(each.what << " of " << each.id << ": expected " << each.expected << ", found "
                     << each.found);
    }
  }

  // Less money came than was asked for, and perhaps the rest, or a part of that, by a second
  // payment.
  void order_in_parts(const Caller& caller) {
    ModelProcessor& model = *world_.model;
    model.capture_by_hand(true);
    const Order first = world_.buy_here(caller);
    model.take_other(world_.intent(first), 1 + static_cast<std::int64_t>(below(2'060)));
    world_.tell(world_.intent(first));
    model.capture_by_hand(false);
    if (below(3) == 0) return;
    const Placement second =
        world_.shop->checkout().pay_order(caller, {first.number, world_.method}).value();
    const std::string intent = world_.intent(second.order);
    const auto asked = static_cast<std::size_t>(second.payment->amount_cents);
    switch (below(3)) {
      case 0:
        model.pay(intent);
        break;
      case 1:
        model.take_other(intent, 1 + static_cast<std::int64_t>(below(asked)));
        break;
      default:
        return;
    }
    world_.tell(intent);
  }

  void trouble() {
    constexpr Fault faults[] = {Fault::lost_request, Fault::lost_answer, Fault::unreachable,
                                Fault::refused};
    Admin admin = world_.shop->admin();
    switch (below(8)) {
      case 0:
        return world_.model->set_down(below(2) == 0);
      case 1:
      case 2:
        return world_.model->fail(below(4) == 0 ? Call::cancel : Call::refund,
                                  faults[below(std::size(faults))], 1 + static_cast<int>(below(2)));
      case 3:
      case 4:
        return cancel(some_number());
      case 5:
        (void)admin.orders().refund(staff(), {.number = some_number(), .cancel = true});
        return;
      case 6:
        (void)admin.orders().mark_refunded(staff(), {some_number()});
        return;
      default:
        world_.wait(static_cast<std::int64_t>(below(20)) * kMicrosPerDay);
    }
  }

  // Staff are told that it was not possible yet: the intention stays.
  void cancel(const std::string& number) {
    const auto before = world_.shop->admin().orders().get(staff(), {number});
    const auto canceled = world_.shop->admin().orders().cancel(staff(), {number});
    if (before.has_error() || canceled.has_value()) return;
    const Errc code = canceled.error().code();
    const bool is_later = code == Errc::processor_unavailable || code == Errc::outcome_unknown;
    if (is_later) canceled_[number] = before.value().state == OrderState::complete;
  }

  // Nothing undoes a cancel but a refund that is refused, or the open payment's money.
  void check_canceled(const std::string& number, bool was_complete) {
    const Order order = world_.order(number);
    CAPTURE(number, name_of(order.state));
    const bool was_faster = !was_complete && order.state == OrderState::complete;
    CHECK((order.state == OrderState::canceled || was_faster ||
           world_.count(number, EventType::refund_failed) > 0));
  }

  PaymentMethodId some_method() { return below(4) == 0 ? world_.transfer : world_.method; }

  void buyer() {
    const Caller caller = shopper("buyer" + std::to_string(below(3)));
    Shop& shop = *world_.shop;
    switch (below(8)) {
      case 0:
        (void)shop.cart().add_item(caller, {.sku = below(4) == 0 ? "MUG" : "TEA", .quantity = 1});
        break;
      case 1:
        (void)shop.checkout().set_addresses(
            caller, {.shipping_address = BuyingShop::address(), .email = "a@example.com"});
        (void)shop.checkout().select_shipping_method(caller, {world_.post});
        break;
      case 2:
      case 3:
      case 4:
        (void)shop.checkout().place_order(caller, {some_method()});
        break;
      case 5:
        (void)shop.checkout().reopen(caller);
        break;
      case 6:
        (void)shop.checkout().pay_order(caller, {some_number(), some_method()});
        break;
      default:
        (void)shop.orders().cancel(caller, {some_number()});
    }
  }

  void bank() {
    const std::string intent = some_intent();
    if (intent.empty()) return;
    ModelProcessor& model = *world_.model;
    switch (below(10)) {
      case 0:
      case 1:
      case 2:
        model.pay(intent);
        break;
      case 3:
        model.decline(intent);
        break;
      case 4:
        model.set_state(intent,
                        below(2) == 0 ? PaymentState::processing : PaymentState::requires_action);
        break;
      case 5:
        if (model.intent(intent).state != PaymentState::voided || below(3) == 0) {
          model.take_money(intent);
        }
        break;
      case 6:
        model.lose_authorization(intent);
        break;
      case 8: {
        const PaymentSnapshot now = model.intent(intent);
        const bool is_live = now.state != PaymentState::voided || below(3) == 0;
        if (is_live && below(2) == 0) {
          model.take_other(intent,
                           now.captured_cents + static_cast<std::int64_t>(below(2'500)) + 1);
        }
        break;
      }
      case 7:
        model.settle_refunds(intent, below(3) == 0 ? RefundState::failed : RefundState::succeeded);
        break;
      default:
        model.capture_by_hand(below(3) == 0);
        model.answer_refunds(below(3) == 0 ? RefundState::pending : RefundState::succeeded);
    }
    news_.push_back(model.webhook(intent, below(2) == 0 ? "payment" : "news"));
  }

  void network() {
    constexpr Fault faults[] = {Fault::lost_request, Fault::lost_answer,  Fault::unreachable,
                                Fault::refused,      Fault::crash_before, Fault::crash_after,
                                Fault::broken};
    constexpr Call calls[] = {Call::create, Call::capture, Call::cancel, Call::refund, Call::fetch};
    const Call call = calls[below(std::size(calls))];
    const Fault fault = faults[below(std::size(faults))];
    world_.model->fail(call, fault);
  }

  void postman() {
    if (news_.empty()) return;
    (void)world_.receive(news_[below(news_.size())]);
  }

  void boss() {
    Admin admin = world_.shop->admin();
    switch (below(8)) {
      case 0:
        (void)admin.orders().capture(staff(), {some_number()});
        break;
      case 1:
        (void)admin.orders().refund(staff(), {some_number(), 100});
        break;
      case 2:
        (void)admin.orders().cancel(staff(), {some_number()});
        break;
      case 3:
        (void)admin.orders().mark_paid(staff(),
                                       {some_number(), 1 + static_cast<std::int64_t>(below(900))});
        break;
      case 4:
        (void)admin.orders().accept_payment(staff(), {some_number()});
        break;
      case 5:
        (void)admin.orders().request_payment(staff(), {.number = some_number()});
        break;
      case 6:
        (void)admin.orders().refund(staff(), {.number = some_number(), .cancel = true});
        break;
      default:
        (void)world_.shop->admin().orders().ship(staff(), {some_number(), "T1"});
    }
  }

  void step() {
    if (story_ == Story::canceling && below(2) == 0) return trouble();
    switch (below(10)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return buyer();
      case 4:
      case 5:
        return bank();
      case 6:
        return network();
      case 7:
        return postman();
      case 8:
        return boss();
      default:
        return world_.wait(static_cast<std::int64_t>(below(8) + 1) * kMicrosPerMinute);
    }
  }

  // The network is sound again, every webhook comes at last, what the bank has begun it ends.
  void end() {
    world_.model->forgive();
    world_.model->set_down(false);
    for (const PaymentSnapshot& intent : world_.model->intents()) {
      if (intent.state == PaymentState::processing) world_.model->decline(intent.external_id);
      world_.model->settle_refunds(intent.external_id, RefundState::succeeded);
      news_.push_back(world_.model->webhook(intent.external_id, "news"));
    }
    for (const ReceiveWebhook& each : news_) (void)world_.receive(each);
    // What is owed waits for staff, and they are told of it.
    for (int i = 0; i < 5; ++i) {
      world_.settle();
      for (const auto& [number, cents] : owed()) {
        world_.model->answer_refunds(RefundState::succeeded);
        (void)world_.shop->admin().orders().refund(staff(), {number, cents});
      }
    }
  }

  // Of refunds that have failed, and of money that nobody had asked for.
  std::map<std::string, std::int64_t> owed() {
    std::map<std::string, std::int64_t> all;
    for (const auto found = world_.shop->admin().orders().list(staff(), {.limit = 200}).value();
         const Order& order : found.items) {
      const bool is_kept_for = order.state == OrderState::complete ||
                               order.state == OrderState::confirm ||
                               order.state == OrderState::payment;
      const std::int64_t cents = order.paid_cents - (is_kept_for ? order.total_cents : 0);
      const bool is_told = world_.count(order.number, EventType::refund_failed) > 0 ||
                           world_.count(order.number, EventType::payment_excess) > 0;
      if (cents > 0 && is_told) all[order.number] = cents;
    }
    return all;
  }

  const Story story_;
  std::mt19937_64 random_;
  PayingShop world_{50};
  std::map<std::string, bool> canceled_;  // those that staff wanted, and whether they were complete
  std::vector<ReceiveWebhook> news_;
};

}  // namespace

TEST_CASE("money is conserved whatever happens at random") {
  const auto walks = static_cast<std::uint64_t>(by_tier(4, 25, 300));
  for (std::uint64_t seed = 1; seed <= walks; ++seed) {
    INFO("seed " << seed);
    Walk(Story::buying, seed).run(150);
  }
}

TEST_CASE("a cancel is carried out or given up, whatever becomes of the refunds") {
  const auto walks = static_cast<std::uint64_t>(by_tier(20, 100, 2'000));
  for (std::uint64_t seed = 1; seed <= walks; ++seed) {
    INFO("seed " << seed);
    Walk(Story::canceling, seed).run(30);
  }
}
