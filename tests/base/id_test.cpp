// Ids: their text, and where they come from.
#include "resys/id.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <thread>

#include "base/id_source.hpp"
#include "support/catch.hpp"

using namespace resys;
using detail::Uuid;
using domain::IdSource;

namespace {

class SetClock final : public Clock {
 public:
  Timestamp now() override { return time; }
  Timestamp time = Timestamp::from_seconds(1'700'000'000);
};

class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::uint8_t* bytes, std::size_t count) override {
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

// Every bit set, to meet the carries.
class AllOnes final : public RandomSource {
 public:
  void fill(std::uint8_t* bytes, std::size_t count) override { std::fill_n(bytes, count, 0xff); }
};

std::string text_of(std::string_view prefix, const Uuid& uuid) {
  char letters[detail::kMaxIdLength];
  return std::string(letters, detail::write_id(prefix, uuid, letters));
}

Uuid uuid_of(const OrderId& id) { return detail::parse_id("order", id.text()).value(); }

}  // namespace

TEST_CASE("ids are written as in the TypeID convention") {
  // From the convention's own list of valid examples.
  const Uuid uuid{0x0188'9c89'df6b'7f1cULL, 0xa388'91396ec314bcULL};
  CHECK(text_of("prefix", uuid) == "prefix_01h2e8kqvbfwea724h75qc655w");
  CHECK(text_of("order", Uuid{UINT64_MAX, UINT64_MAX}) == "order_7zzzzzzzzzzzzzzzzzzzzzzzzz");
  CHECK(text_of("order", Uuid{0, 1}) == "order_00000000000000000000000001");
  CHECK(OrderId().empty());
  CHECK(OrderId().text().empty());
}

TEST_CASE("ids come back from their text, and sort as it does") {
  std::mt19937_64 engine(1);
  std::vector<OrderId> ids;
  for (int i = 0; i < 2000; ++i) ids.emplace_back(Uuid{engine() >> (i % 64), engine() >> (i % 7)});
  for (const OrderId& id : ids) REQUIRE(OrderId::parse(id.text()).value() == id);
  for (std::size_t i = 1; i < ids.size(); ++i) {
    REQUIRE((ids[i - 1] < ids[i]) == (ids[i - 1].text() < ids[i].text()));
  }
}

TEST_CASE("only what text() makes is an id") {
  const std::string right = "order_01h455vb4pex5vsknk084sn02q";
  REQUIRE(OrderId::parse(right));
  const auto refused = [](const std::string& text) {
    const auto parsed = OrderId::parse(text);
    return parsed.has_error() && parsed.error().code() == Errc::invalid_request;
  };
  for (std::size_t i = 0; i < right.size(); ++i) {
    CAPTURE(i);
    std::string wrong = right;
    wrong[i] = '!';
    CHECK(refused(wrong));
    wrong[i] = static_cast<char>(wrong[i] | 0x80);
    CHECK(refused(wrong));
    CHECK(refused(std::string(right).erase(i, 1)));
    CHECK(refused(std::string(right).insert(i, 1, '0')));
  }
  CHECK(refused(""));
  CHECK(refused("order_"));
  CHECK(refused("product_01h455vb4pex5vsknk084sn02q"));
  CHECK(refused("order_01H455VB4PEX5VSKNK084SN02Q"));  // upper case
  CHECK(refused("order_01h455vb4pex5vsknk084sn02i"));  // no digit of the alphabet
  CHECK(refused("order_81h455vb4pex5vsknk084sn02q"));  // more than 128 bits
  CHECK(refused("order_00000000000000000000000000"));  // the empty id has no text
  CHECK(refused(right + '\0'));
}

TEST_CASE("new ids are UUIDs of version 7 with the clock's milliseconds") {
  SetClock clock;
  SeededRandom random(1);
  IdSource source(clock, random);
  const Uuid uuid = uuid_of(source.make<OrderId>());
  CHECK(uuid.high >> 16 == 1'700'000'000'000);
  CHECK((uuid.high >> 12 & 0xf) == 7);
  CHECK(uuid.low >> 62 == 2);
}

TEST_CASE("each new id is greater than the one before, whatever the clock does") {
  SetClock clock;
  SeededRandom random(1);
  IdSource source(clock, random);
  OrderId last = source.make<OrderId>();
  for (int i = 0; i < 20'000; ++i) {
    if (i % 1000 == 0) clock.time.micros += (i % 2000 == 0 ? 3 : -2) * 1000 * 1000;
    const OrderId next = source.make<OrderId>();
    REQUIRE(last < next);
    REQUIRE((uuid_of(next).high >> 12 & 0xf) == 7);
    REQUIRE(uuid_of(next).low >> 62 == 2);
    last = next;
  }
}

TEST_CASE("ids go on when a millisecond's bits are used up") {
  SetClock clock;
  AllOnes random;
  IdSource source(clock, random);
  const OrderId first = source.make<OrderId>();
  const OrderId second = source.make<OrderId>();
  CHECK(first < second);
  CHECK(uuid_of(second).high >> 16 == (uuid_of(first).high >> 16) + 1);
  CHECK((uuid_of(second).high >> 12 & 0xf) == 7);
  CHECK(uuid_of(second).low >> 62 == 2);
}

TEST_CASE("the same clock and randomness give the same ids") {
  SetClock clock;
  SeededRandom one(7), other(7);
  IdSource first(clock, one), second(clock, other);
  for (int i = 0; i < 10; ++i) CHECK(first.make<OrderId>() == second.make<OrderId>());
  CHECK(first.random_text(100) == second.random_text(100));
}

TEST_CASE("threads that share a source get different ids", "[concurrent]") {
  const auto clock = system_clock();
  const auto random = system_random();
  IdSource source(*clock, *random);
  std::vector<std::vector<OrderId>> made(8);
  std::vector<std::thread> threads;
  for (auto& ids : made) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) ids.push_back(source.make<OrderId>());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<OrderId> all;
  for (const auto& ids : made) {
    CHECK(std::is_sorted(ids.begin(), ids.end()));
    all.insert(ids.begin(), ids.end());
  }
  CHECK(all.size() == 16'000);
}

TEST_CASE("random texts use the whole alphabet and nothing else") {
  SetClock clock;
  const auto random = system_random();
  IdSource source(clock, *random);
  for (const std::size_t length : {0u, 1u, 64u, 65u, 200u}) {
    CHECK(source.random_text(length).size() == length);
  }
  const std::string text = source.random_text(20'000);
  const std::set<char> letters(text.begin(), text.end());
  const std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  CHECK(letters == std::set<char>(alphabet.begin(), alphabet.end()));
}
