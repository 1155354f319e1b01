// Cryptography against published vectors, and against everything that was changed on the way.
#include "base/crypto.hpp"

#include "support/catch.hpp"

using namespace resys;
using namespace resys::net;

namespace {

std::string bytes(std::string_view hex_text) {
  std::string out;
  for (std::size_t i = 0; i < hex_text.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex_text.substr(i, 2)), nullptr, 16));
  }
  return out;
}

const std::string kKey(32, 'k');
const std::string kNonce(12, 'n');

}  // namespace

TEST_CASE("SHA-256 of FIPS 180-4's examples") {
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256(std::string(1'000'000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("HMAC-SHA256 of RFC 4231's test cases") {
  CHECK(hex(hmac_sha256(bytes("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(hmac_sha256(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("HMAC-SHA256 as Stripe signs, which Python, Node and openssl agree on") {
  CHECK(hex(hmac_sha256("whsec_test_secret",
                        R"(1700000000.{"id":"evt_1","object":"event",)"
                        R"("type":"payment_intent.succeeded",)"
                        R"("data":{"object":{"id":"pi_1","object":"payment_intent"}}})")) ==
        "ad449e7ce1554730d147003402b7abd98e37b986a9e657b6868110fd854cf5d3");
}

TEST_CASE("empty keys and texts are texts too") {
  CHECK(hex(hmac_sha256({}, {})) ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  CHECK(unseal(kKey, kNonce, {}, seal(kKey, kNonce, {}, {})).value().empty());
}

TEST_CASE("AES-256-GCM of the specification's test cases") {
  const std::string zeros(32, '\0');
  CHECK(hex(seal(zeros, zeros.substr(0, 12), "", "")) == "530f8afbc74536b9a963b4f1c4cb738b");
  CHECK(hex(seal(zeros, zeros.substr(0, 12), "", zeros.substr(0, 16))) ==
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  CHECK(
      hex(seal(bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
               bytes("cafebabefacedbaddecaf888"), bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
               bytes("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"))) ==
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST_CASE("what was sealed is unsealed, of any size") {
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 1000U, 100'000U}) {
    std::string plain(size, '\0');
    for (std::size_t i = 0; i < size; ++i) plain[i] = static_cast<char>(i * 7);
    const std::string sealed = seal(kKey, kNonce, "store/method", plain);
    CHECK(sealed.size() == size + 16);
    CHECK(unseal(kKey, kNonce, "store/method", sealed).value() == plain);
  }
}

TEST_CASE("a change of any part is noticed") {
  const std::string plain = "sk_test_secret";
  const std::string sealed = seal(kKey, kNonce, "store/method", plain);
  const auto refused = [](const Result<std::string>& result) {
    return !result && result.error().code() == Errc::storage;
  };
  CHECK(refused(unseal(std::string(32, 'K'), kNonce, "store/method", sealed)));
  CHECK(refused(unseal(kKey, std::string(12, 'N'), "store/method", sealed)));
  CHECK(refused(unseal(kKey, kNonce, "store/other", sealed)));
  CHECK(refused(unseal(kKey, kNonce, "", sealed)));
  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string changed = sealed;
    changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
    CAPTURE(i);
    CHECK(refused(unseal(kKey, kNonce, "store/method", changed)));
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    CAPTURE(size);
    CHECK(refused(unseal(kKey, kNonce, "store/method", sealed.substr(0, size))));
  }
  CHECK(refused(unseal(kKey, kNonce, "store/method", sealed + '\0')));
}

TEST_CASE("a key or nonce of another size is a defect, not a read past its end") {
  CHECK_THROWS_AS(seal("short", kNonce, "", "text"), Exception);
  CHECK_THROWS_AS(seal(kKey, "short", "", "text"), Exception);
  CHECK_THROWS_AS(unseal("short", kNonce, "", std::string(32, 'x')).value(), Exception);
  CHECK_THROWS_AS(unseal(kKey, "short", "", std::string(32, 'x')).value(), Exception);
}

TEST_CASE("base64 of RFC 4648's examples, there and back") {
  const std::pair<std::string, std::string> examples[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xfb\xff\xbf", "+/+/"},
      {std::string(3, '\0'), "AAAA"},
  };
  for (const auto& [plain, text] : examples) {
    CHECK(base64(plain) == text);
    CHECK(from_base64(text).value() == plain);
  }
}

TEST_CASE("what is not base64 is refused") {
  for (const std::string text :
       {"Z",        "Zg",     "Zg=",      "Zg===",       "Z===",   "====", "=",
        "==",       "=Zg=",   "Zg==Zg==", "Z=g=",        "Zm9vZg", "Zm 9", " Zm9v",
        "Zm9v ",    "Zm9v\n", "Zm9v\r\n", "Zm9-",        "Zm9_",   "Zm9*", "Zm9\x80",
        "Zm9v    ", "    ",   "Zm9v----", "Zg==\n\n\n\n"}) {
    CAPTURE(text);
    const Result<std::string> result = from_base64(text);
    REQUIRE(!result);
    CHECK(result.error().code() == Errc::invalid_request);
  }
  CHECK(!from_base64(std::string_view("Zm9\0", 4)));
}

TEST_CASE("hex has two lower-case digits a byte") {
  CHECK(hex("") == "");
  CHECK(hex(std::string_view("\x00\x0f\xf0\xff", 4)) == "000ff0ff");
}

TEST_CASE("texts are equal only if all of them is") {
  CHECK(equal_in_constant_time("", ""));
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK(!equal_in_constant_time("abc", "abd"));
  CHECK(!equal_in_constant_time("abc", "Abc"));
  CHECK(!equal_in_constant_time("abc", "abcd"));
  CHECK(!equal_in_constant_time("abc", ""));
}
