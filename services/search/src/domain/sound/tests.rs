//! Words of kitchens and wardrobes, as shops write them and as people type them.

use super::{spoken, typed};

fn meets(script: &str, latin: &str) -> bool {
    let keys = spoken(script);
    typed(latin).is_some_and(|key| keys.contains(&key))
}

#[test]
fn hindi_is_heard_as_people_type_it() {
    for (script, all) in [
        ("हल्दी", "haldi haldee"),
        ("चावल", "chawal chaval chaawal"),
        ("आटा", "aata atta ata"),
        ("दाल", "dal daal"),
        ("नमक", "namak"),
        ("मसाला", "masala massala"),
        ("मिर्च", "mirch"),
        ("घी", "ghee ghi"),
        ("जीरा", "jeera zeera jira"),
        ("धनिया", "dhaniya dhania"),
        ("पनीर", "paneer panir"),
        ("चाय", "chai chay"),
        ("अदरक", "adrak adarak"),
        ("सरसों", "sarson"),
        ("नमकीन", "namkeen namakeen"),
        ("कपडा", "kapda kapra kapada"),
        ("पकोडा", "pakoda pakora"),
        ("राजमा", "rajma"),
        ("मेथी", "methi"),
        ("छोले", "chhole chole"),
        ("ज्ञान", "gyan gyaan"),
        ("लक्ष्मी", "laxmi lakshmi"),
        ("आयुर्वेद", "ayurved ayurveda"),
        ("चम्पा", "champa"),
        ("चंपा", "champa"),
        ("कॉफी", "coffee kofi"),
        ("मैदा", "maida"),
        ("बासमती", "basmati basmatee"),
    ] {
        for latin in all.split(' ') {
            assert!(
                meets(script, latin),
                "{script} {:?}: {latin} {:?}",
                spoken(script),
                typed(latin)
            );
        }
    }
}

#[test]
fn other_scripts_of_india_are_heard_too() {
    for (script, all) in [
        ("চাল", "chal chaal"),
        ("ਚਾਵਲ", "chawal"),
        ("હળદર", "haldar haladar"),
        ("ಅಕ್ಕಿ", "akki"),
        ("ಬೆಲ್ಲ", "bella"),
        ("పసుపు", "pasupu"),
        ("തേങ്ങ", "thenga"),
        ("മഞ്ഞള്", "manjal"),
        ("மஞ்சள்", "manjal"),
        ("அரிசி", "arisi"),
        ("ଚାଉଳ", "chaula"),
    ] {
        for latin in all.split(' ') {
            assert!(
                meets(script, latin),
                "{script} {:?}: {latin} {:?}",
                spoken(script),
                typed(latin)
            );
        }
    }
}

#[test]
fn words_that_sound_otherwise_do_not_meet() {
    for (script, latin) in [("हल्दी", "hindi"), ("माता", "mat"), ("चावल", "chawla"), ("दाल", "del")]
    {
        assert!(!meets(script, latin), "{script} {latin}");
    }
    assert_eq!(typed("at"), None);
    assert_eq!(typed("usb2"), None);
    assert_eq!(spoken("充電"), Vec::<String>::new());
    assert_eq!(spoken("ชา"), Vec::<String>::new());
    assert_eq!(spoken(&"क".repeat(65)), Vec::<String>::new());
}
