/**
 * Legal forms by family, each with the spellings that stand for it, in plain lower-case letters (points and
 * apostrophes are gone: "S.p.A." is "spa"). Forms of one family are held by firms of one kind and are confused
 * in practice; two families tell two firms apart, weakly.
 */
export const LEGAL_FORMS: Readonly<Record<string, string>> = {
  // Private firms with limited liability, and bare "company".
  limited: `limited, ltd, co ltd, co limited, company limited, company ltd, pte ltd, pte limited, pvt ltd,
    pvt limited, private limited, private ltd, private limited company, pty ltd, pty limited, proprietary limited,
    pty company limited, pte, pvt, pty, sdn bhd, sendirian berhad, bhd, berhad, llc, limited liability company,
    limited liability co, ltd liability company, ltd co, youxian gongsi, youxian zeren gongsi, gufen youxian gongsi, gufen co ltd, company limited liability, ooo, ob vo s ogranichennoy otvetstvennostyu,
    obshchestvo s ogranichennoi otvetstvennostyu, obshchestvo s ogranichennoy otvetstvennostyu,
    obshestvo s ogranichennoi otvetstvennostyu, obschestvo s ogranichennoy otvetstvennostyu,
    obshchestvo s ogranichenoi otvetstvennostyu, tov, tovarystvo z obmezhenoiu vidpovidalnistiu, odo, too, gmbh,
    gmbh co kg, gesellschaft mit beschrankter haftung, sarl, srl, societate cu raspundere limitata,
    societatea cu raspundere limitata, societa a responsabilita limitata, societe a responsabilite limitee,
    sociedad de responsabilidad limitada, s de rl, s de rl de cv, sl, ltda, limitada, lda, bv, bvba, besloten vennootschap,
    spolka z ograniczona odpowiedzialnoscia, sp zoo, sp z oo, sp z o o, zoo, sro, spol sro, doo, dooel, kft, uab, sia, ou,
    aps, oy, ab, as, eood, ood, fze, fzc, fzco, fz llc, fze llc, dmcc, free zone company, free zone establishment, wll, llp, lp,
    limited partnership, limited liability partnership, limited sirketi, ltd sti, ltd sirketi, limited sti,
    ticaret limited sirketi, ticaret ltd sti, tic ltd sti, sti, sirketi, sasu, sas, ulc, cc, eurl, pt, cv, kg, ohg, ug, mchj`,
  company:
    'company, co, cos, gongsi, firma, compagnie, compania, kompaniya, companies, and company, and co, kompanie',
  // Firms with shares.
  stock: `jsc, joint stock company, joint stock co, joint stock, ao, oao, zao, pao, ojsc, cjsc, pjsc, ojs co, jsco,
    open joint stock company, closed joint stock company, public joint stock company, open joint stock co,
    closed joint stock co, public joint stock co, private joint stock company, pjs company, saoc, saog,
    aktsionernoe obshchestvo, aktsionernoye obshchestvo, aktsionernoe obschestvo, aktsionernogo obshchestva,
    otkrytoe aktsionernoe obshchestvo, otkrytoye aktsionernoye obshchestvo, zakrytoe aktsionernoe obshchestvo,
    zakrytoye aktsionernoye obshchestvo, publichnoe aktsionernoe obshchestvo, publichnoye aktsionernoye obshchestvo,
    nepublichnoe aktsionernoe obshchestvo, prat, pat, tat, ag, akg, aktiengesellschaft, aktiengeselschaft, sa, sa de cv, societe anonyme,
    sociedad anonima, spa, societa per azioni, nv, naamloze vennootschap, plc, public limited company, public company limited,
    pcl, inc, incorporated, corp, corporation, korporatsiya, a s, anonim sirketi, anonim sti, a s sirketi, an s, oyj,
    asa, se, kk, kabushiki kaisha, tbk, co inc, company inc, na, national association, sanayi ve ticaret,
    stock company, share holding company, shareholding company, ejsc, ad, dd`,
  state: `fsue, fgup, federal state unitary enterprise, federalnoe gosudarstvennoe unitarnoe predpriyatie,
    federalnoye gosudarstvennoye unitarnoye predpriyatiye, gup, state unitary enterprise, unitary enterprise,
    gosudarstvennoe unitarnoe predpriyatie, fkp, federal state enterprise, fgbu, fgu, fgbun, fgbuz, fgau,
    federal state budgetary institution, federal state budgetary institution of science,
    federalnoe gosudarstvennoe byudzhetnoe uchrezhdenie, federalnoe gosudarstvennoe byudzhetnoe uchrezhdenie nauki,
    federal state autonomous institution, federal state institution, state enterprise, rup, sue, unitarnoe predpriyatie`,
  foundation: 'ano, autonomous nonprofit organization, autonomous non profit organization, ev, stiftung, nko',
};
