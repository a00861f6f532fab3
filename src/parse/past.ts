/**
 * What is told of another rule: "the rule adding 37 entities", "a rule that added …", "the previous rule …".
 * "BIS issues a rule adding three entities" speaks of this one.
 */
const OTHER_RULE =
  /(?<!\b(?:issu|publish|adopt)(?:es|ing) )\b(?:(?:the|an?|that|another)(?: (?!this\b)[\w-]+){0,4} rule,? (?:adding|revising|modifying|removing|correcting|published|issued|dated|(?:that|which)(?: had| was)? (?:added|revised|modified|removed|corrected|published|issued))|(?:previous|earlier|prior|preceding)(?: [\w-]+){0,3} (?:rule|action|document)s?)\b[^;]*?(?=;|, (?:and|this)\b|\.?$)/giu;

/** "including two entities under Iran removed in 2020": history inside a count. */
const HISTORY =
  /,? (?:including|as well as) [^,;]{0,120}?\b(?:removed|added|revised|listed|published) (?:(?:on|in|by|from) [^;]{0,40}?\b(?:19|20)\d\d\b|earlier|previously|before)/giu;

/** The sentence without what it tells of the past. */
export function withoutPast(sentence: string): string {
  return sentence.replace(HISTORY, '').replace(OTHER_RULE, 'another rule');
}
