/** What is numbered in business: orders, parcels, parts and papers. Whole words, in the plural too. */
const WORDS = [
  // English.
  "order|part|parcel|package|tracking|track(?:ing)? ?(?:and|&) ?trace|shipment|consignment|waybill|awb|delivery|invoice|item|article|product|sku|catalog(?:ue)?|serial|model|drawing|ticket|case|claim|reference|ref|quote|quotation|batch|lot|asset|document|doc|contract|policy|permit|meter|booking|reservation|confirmation|voucher|material|component|spare|stock|job|project|purchase order|po|rma|return|credit note|(?:customer|client) (?:no|number|nr|id)|work order|ean|gtin|upc|isbn|hs code|docket|pallet|container|[ps]/n|(?:art|best|auftr|rg|kd|lfd|dwg)\\.",
  // French, Spanish, Italian, Portuguese.
  "commande|colis|suivi|pi[eè]ce|r[eé]f[eé]rence|r[eé]f|facture|livraison|exp[eé]dition|devis|s[eé]rie|dossier|produit|contrat|envoi|(?:num[eé]ro|n[°º]|code) (?:de )?client",
  "pedido|paquete|pieza|art[ií]culo|referencia|factura|env[ií]o|seguimiento|gu[ií]a|serie|lote|producto|albar[aá]n|presupuesto|repuesto|recambio|expediente",
  "ordine|pacco|articolo|codice|fattura|spedizione|ricambio|lotto|prodotto|pratica|riferimento|rif|bolla|preventivo|tracciamento|pezzo|collo|ddt",
  "encomenda|pe[cç]a|artigo|fatura|envio|rastreio|rastreamento|s[eé]rie|produto|refer[eê]ncia|nota fiscal|or[cç]amento|objeto",
  // Japanese, Chinese.
  "注文番号|注文|品番|追跡番号|伝票番号|订单号?|訂單|快递单号|运单号|物料号",
].join("|");

/** The same as beginnings of words, or parts of compound ones: German, Dutch, Polish, Czech and the North. */
const STEMS = [
  "bestell|auftrag|artikel|ersatzteil|teile|sendung|paket|liefer|rechnung|vorgang|serien|referenz|kunden-?n|zeichnung|vertrag|chargen|material|produkt|beleg|frachtbrief|angebot|gutschrift",
  "zending|onderdeel|onderdelen|pakket|factuur|levering|offerte|referentie|klantn|serien|volgn",
  "zam[oó]wieni|paczk|przesy[lł]|cz[eę][sś][cć]|artyku[lł]|faktur|seryjn|produkt|referencyj|dostaw|list\\w* przewoz|zleceni",
  "objedn[aá]v|z[aá]silk|d[ií]lu|varunumm|varenumm|ordre|pakke|kolli|f[oö]rs[aä]ndels|tilau|l[aä]hety|pakett|lasku|osanro|sipari|kargo|par[cç]a",
].join("|");

/** What may stand between such a word and its number. */
const NUMBER_WORD =
  "no|nos|nr|nrs|nro|num|number|numbers|numero|num[eé]ro|n[uú]mero|n[uú]m|numer|numery|nummer|nummern|numrami|numerem|n|id|ids|code|codes|c[oó]digo|kod|key";
const LINK_WORD =
  "is|are|was|were|has|lautet|ist|sind|hat|est|sont|es|son|sono|is|zijn|são|jest|to|and|und|et|y|e|ed|en|i|oraz|or|oder|ou|o|of|de|di|du|da|do|del|della|der|die|das|den|the|la|le|les|el|los|il|lo|new|neue|your|our|ihre|ihr|unsere|votre|notre|su|nuestro|vostro|uw|ons|seu|sua|nosso|pa[nń]stwa|twoj\\w*|nasz\\w*|mit|with|avec|con|com|met|z|under|unter|sous|with|for|für|pour|para|per|voor|dla|replaces?|replaced|by|instead|follows?|ersetzt|ersetzen|durch|bis|remplacent?|sustituyen?|sostituisc\\w*|vervang\\w*|door|substitu\\w*|zast[eę]puj\\w*|through|plus|not|nicht|only|nur";
const LABEL = `(?:(?<!\\p{L})(?:${WORDS})(?:s|es|n|en|nummern?|nrs?)?|(?:${STEMS})\\p{L}{0,16})`;
const GLUE = "[\\s.,;:#°º()[\\]=/&+\"'*|>_–-]";

/** A label, and between it and the end nothing but such words, signs and other numbers. */
const LABELLED = new RegExp(
  `${LABEL}(?:${GLUE}|\\d|(?<!\\p{L})(?:${NUMBER_WORD}|${LINK_WORD})(?!\\p{L})){1,60}$`,
  "iu",
);
/** The same, said for certain: "number" is said, or a way to follow a parcel. */
const NUMBERED = new RegExp(
  `(?:${LABEL}${GLUE}{0,3}(?:(?<!\\p{L})(?:${NUMBER_WORD})(?!\\p{L})|#|n[°º])|\\p{L}{4}(?:nummern?|nr|numre|numer|nro)(?!\\p{L})|(?:track|suivi|sendung|seguimiento|rastre|tracc|zending|przesy|paczk|pakket|paket|parcel|colis|waybill)\\p{L}{0,14})(?:${GLUE}|(?<!\\p{L})(?:${NUMBER_WORD}|${LINK_WORD})(?!\\p{L})){0,30}$`,
  "iu",
);
/** Right after a number: "(part number)", "is our order number". */
const AFTER = new RegExp(
  `^(?: ?[([]| (?:is|are|was|ist|sind|est|sont|es|son|è|são|jest)(?!\\p{L}) ?)(?:(?:${LINK_WORD}) ){0,2}${LABEL}`,
  "iu",
);
const HEADER = new RegExp(LABEL, "iu");

const MAX_BEFORE = 90;
const MAX_AFTER = 40;
const MAX_HEADER = 600;
const CELL = /[|;,\t]/;

/** What numbers of a text are called: by words beside them in their line, or by the title of their column. Linear over a whole text when asked in its order. */
export class NumberLabels {
  readonly #text: string;
  /** Start of the lines without a blank one among them that were looked at last, and how far that was. */
  #block = 0;
  #seen = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Whether the number at `at`, up to `end`, is called the number of an order, a parcel, a part or a paper. `certain`: the
   * label must say that it is a number.
   */
  isLabelled(at: number, end: number, certain = false): boolean {
    const lineStart = this.#text.lastIndexOf("\n", at - 1) + 1;
    const before = this.#text.slice(Math.max(lineStart, at - MAX_BEFORE), at);
    if ((certain ? NUMBERED : LABELLED).test(before)) return true;
    if (AFTER.test(this.#text.slice(end, end + MAX_AFTER).split("\n", 1)[0] ?? "")) return true;
    return HEADER.test(this.#title(at, lineStart));
  }

  /** The title of the column that a cell is in; empty when the text before is no row of cells. */
  #title(at: number, lineStart: number): string {
    const block = this.#blockOf(lineStart);
    if (block === lineStart) return "";
    const row = this.#text.slice(Math.max(lineStart, at - MAX_HEADER), at);
    if (!/(?:^|[|;,\t])[ "']*$/.test(row)) return "";
    const header = this.#text.slice(block, block + MAX_HEADER).split("\n", 1)[0] ?? "";
    return header.split(CELL)[row.split(CELL).length - 1] ?? "";
  }

  #blockOf(lineStart: number): number {
    if (lineStart < this.#seen) {
      this.#block = 0;
      this.#seen = 0;
    }
    const fresh = this.#text.slice(this.#seen, lineStart);
    for (const { 0: blank, index } of fresh.matchAll(/\n[ \t\r]*(?=\n)/g))
      this.#block = this.#seen + index + blank.length + 1;
    this.#seen = Math.max(this.#seen, lineStart - 1);
    return this.#block;
  }
}
