import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { consistencyProof } from "./consistency_proof.ts";
import { Frontier } from "./frontier.ts";
import { leafHash } from "./hashes.ts";
import { inclusionProof } from "./inclusion_proof.ts";
import { coveringHashes } from "./subtree_hashes.ts";
import { coveringLevels } from "./subtree_levels.ts";
import { MemoryTree } from "./testing/memory_tree.ts";
import { naivePath, naiveProof, naiveRoot } from "./testing/naive_tree.ts";
import { VECTORS } from "./testing/vectors.ts";
import { verifyConsistency } from "./verify_consistency.ts";
import { verifyInclusion } from "./verify_inclusion.ts";

const { leaves, roots } = VECTORS;

test("Frontier has the published roots", () => {
  const frontier = new Frontier();
  assert.deepEqual(frontier.root(), roots[0]);
  for (const [index, leaf] of leaves.entries()) {
    frontier.append(leafHash(leaf));
    assert.deepEqual(frontier.root(), roots[index + 1]);
  }
});

test("Frontier goes on from its hashes", () => {
  for (let size = 0; size < 8; size++) {
    const before = new MemoryTree(leaves.slice(0, size)).frontier;
    const frontier = new Frontier(before.size, before.hashes);
    for (const leaf of leaves.slice(size)) frontier.append(leafHash(leaf));
    assert.deepEqual(frontier.root(), roots[8]);
  }
});

test("Frontier refuses hashes that do not make its size", () => {
  const hash = leafHash("");
  for (const [size, hashes] of [
    [1, []],
    [2, [hash, hash]],
    [3, [hash]],
    [1, [hash.subarray(1)]],
    [-1, []],
    [0.5, []],
    [Number.NaN, []],
    [2 ** 53, [hash]],
  ] as const) {
    assert.throws(() => new Frontier(size, hashes), RangeError, `size ${size}`);
  }
});

test("leafHash() takes a string for its UTF-8", () => {
  for (const text of ["", "a", "é€😀", "\u0000"])
    assert.deepEqual(leafHash(text), leafHash(Buffer.from(text)));
});

test("inclusionProof() and verifyInclusion() agree with the published paths", async (t) => {
  const tree = new MemoryTree(leaves);
  for (const { index, size, proof } of VECTORS.inclusion) {
    await t.test(`leaf ${index} of ${size}`, async () => {
      assert.deepEqual(await inclusionProof(index, size, tree), proof);
      const claim = { index, size, leaf: leafHash(leaves[index] ?? ""), root: roots[size] ?? leafHash("") };
      assert.ok(verifyInclusion(claim, proof));
      const { root, leaf } = claim;
      const wrongClaims = [
        { ...claim, index: index - 1 },
        { ...claim, index: index + 1 },
        { ...claim, index: index ^ 2 },
        { ...claim, size: size * 2 },
        { ...claim, size: Math.floor(size / 2) },
        { ...claim, leaf: leafHash("wrong") },
        { ...claim, leaf: Buffer.from("short") },
        { ...claim, root: leafHash("wrong") },
        { ...claim, root: Buffer.of() },
        { ...claim, index: Number.NaN },
        { ...claim, size: Number.POSITIVE_INFINITY },
      ];
      for (const wrong of wrongClaims) assert.ok(!verifyInclusion(wrong, proof), JSON.stringify(wrong));
      for (const wrong of corruptions(proof, root, leaf)) assert.ok(!verifyInclusion(claim, wrong));
    });
  }
});

test("consistencyProof() and verifyConsistency() agree with the published proofs", async (t) => {
  const tree = new MemoryTree(leaves);
  for (const { oldSize, newSize, proof } of VECTORS.consistency) {
    await t.test(`${oldSize} to ${newSize}`, async () => {
      assert.deepEqual(await consistencyProof(oldSize, newSize, tree), proof);
      const oldRoot = roots[oldSize] ?? leafHash("");
      const newRoot = roots[newSize] ?? leafHash("");
      const claim = { oldSize, oldRoot, newSize, newRoot };
      assert.ok(verifyConsistency(claim, proof));
      const wrongClaims = [
        { ...claim, oldSize: oldSize - 1 },
        { ...claim, oldSize: oldSize + 1 },
        { ...claim, oldSize: oldSize ^ 2 },
        { ...claim, newSize: newSize * 2 },
        { ...claim, newSize: Math.floor(newSize / 2) },
        { ...claim, oldRoot: leafHash("wrong") },
        { ...claim, newRoot: leafHash("wrong") },
        { ...claim, newRoot: Buffer.of() },
        { ...claim, oldSize: Number.NaN },
      ];
      for (const wrong of wrongClaims) assert.ok(!verifyConsistency(wrong, proof), JSON.stringify(wrong));
      if (proof.length > 0)
        assert.ok(!verifyConsistency({ ...claim, oldRoot: newRoot, newRoot: oldRoot }, proof));
      for (const wrong of corruptions(proof, oldRoot, newRoot)) assert.ok(!verifyConsistency(claim, wrong));
    });
  }
});

test("verifyConsistency() takes the empty tree for the beginning of every tree, without a proof", () => {
  const claim = { oldSize: 0, oldRoot: roots[0] as Buffer, newSize: 3, newRoot: roots[3] as Buffer };
  assert.ok(verifyConsistency(claim, []));
  assert.ok(!verifyConsistency(claim, [roots[3] as Buffer]));
  assert.ok(!verifyConsistency({ ...claim, oldRoot: roots[1] as Buffer }, []));
});

test("verifyInclusion() and verifyConsistency() end on sizes beyond 32 bits", () => {
  const hash = leafHash("");
  const size = Number.MAX_SAFE_INTEGER;
  const long = Array.from({ length: 1000 }, () => hash);
  assert.ok(!verifyInclusion({ index: size - 1, size, leaf: hash, root: hash }, long));
  for (const oldSize of [2 ** 49, 2 ** 49 + 1])
    assert.ok(!verifyConsistency({ oldSize, oldRoot: hash, newSize: size, newRoot: hash }, long));
});

test("Proofs of random trees are the naive ones and verify", async () => {
  const tree = leavesOf(600);
  const real = new MemoryTree(tree);
  const sizes = fc.tuple(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat());
  await fc.assert(
    fc.asyncProperty(sizes, async ([size, a, b]) => {
      const [part, index, oldSize] = [tree.slice(0, size), a % size, 1 + (b % size)];
      const root = naiveRoot(part);
      assert.deepEqual(new MemoryTree(part).frontier.root(), root);

      const path = await inclusionProof(index, size, real);
      assert.deepEqual(path, naivePath(index, part));
      assert.ok(verifyInclusion({ index, size, leaf: leafHash(tree[index] ?? ""), root }, path));

      const proof = await consistencyProof(oldSize, size, real);
      assert.deepEqual(proof, naiveProof(oldSize, part));
      const oldRoot = naiveRoot(tree.slice(0, oldSize));
      assert.ok(verifyConsistency({ oldSize, oldRoot, newSize: size, newRoot: root }, proof));
    }),
    { numRuns: 60 },
  );
});

test("coveringHashes() of both sides of a stretch make the root with its leaves", async () => {
  const tree = leavesOf(600);
  const real = new MemoryTree(tree);
  await fc.assert(
    fc.asyncProperty(fc.nat(600), fc.nat(600), fc.nat(600), async (...sizes) => {
      const [from = 0, to = 0, size = 0] = sizes.toSorted((a, b) => a - b);
      const left = await coveringHashes(0, from, real);
      const right = await coveringHashes(to, size, real);
      assert.ok(left.length + right.length <= 2 * Math.ceil(Math.log2(size + 1)));
      const frontier = new Frontier(from, left);
      for (const leaf of tree.slice(from, to)) frontier.append(leafHash(leaf));
      for (const [index, level] of coveringLevels(to, size).entries())
        frontier.appendSubtree(level, right[index] ?? leafHash(""));
      assert.equal(frontier.size, size);
      assert.deepEqual(frontier.root(), naiveRoot(tree.slice(0, size)));
    }),
    { numRuns: 60 },
  );
});

test("Frontier refuses a subtree that cannot begin at its size", () => {
  const frontier = new Frontier(1, [leafHash("")]);
  assert.throws(() => frontier.appendSubtree(1, leafHash("")), RangeError);
});

test("inclusionProof() reads few hashes of a large tree", async () => {
  const size = 70_003;
  const tree = new MemoryTree(leavesOf(size));
  for (const index of [0, 255, 256, 65_535, 65_536, size - 1]) {
    tree.rowsRead = 0;
    const proof = await inclusionProof(index, size, tree);
    assert.ok(tree.rowsRead < 1_300, `${tree.rowsRead} rows`);
    const leaf = leafHash(String(index));
    assert.ok(verifyInclusion({ index, size, leaf, root: tree.frontier.root() }, proof));
  }
  tree.rowsRead = 0;
  await consistencyProof(65_537, size, tree);
  assert.ok(tree.rowsRead < 1_300, `${tree.rowsRead} rows`);
});

test("inclusionProof() and consistencyProof() refuse what is not in the tree", async () => {
  const tree = new MemoryTree(leaves);
  for (const [index, size] of [
    [8, 8],
    [-1, 8],
    [0, 0],
    [0.5, 8],
    [0, 9],
    [0, Number.NaN],
  ] as const)
    await assert.rejects(inclusionProof(index, size, tree), RangeError, `${index} of ${size}`);
  for (const [oldSize, newSize] of [
    [9, 8],
    [-1, 8],
    [3, 9],
    [1.5, 8],
  ] as const)
    await assert.rejects(consistencyProof(oldSize, newSize, tree), RangeError, `${oldSize} to ${newSize}`);
});

/** What a forger may try: the checks of the reference implementation's own tests. */
function corruptions(proof: readonly Uint8Array[], ...others: readonly Uint8Array[]): Uint8Array[][] {
  const flipped = proof.map((_, wrong) =>
    proof.map((hash, index) => {
      const copy = Buffer.from(hash);
      if (index === wrong) copy[0] = (copy[0] ?? 0) ^ 8;
      return copy;
    }),
  );
  const extended = [Buffer.of(), ...others, ...proof.slice(0, 1)].flatMap((hash) => [
    [...proof, hash],
    [hash, ...proof],
  ]);
  const shortened = proof.length > 0 ? [proof.slice(0, -1), proof.slice(1), []] : [];
  const reordered = proof.length > 1 ? [[...proof].reverse()] : [];
  return [...flipped, ...extended, ...shortened, ...reordered];
}

function leavesOf(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(String(index)));
}
