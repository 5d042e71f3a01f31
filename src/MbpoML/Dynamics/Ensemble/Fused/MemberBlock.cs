namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>Rows that go through one member together.</summary>
/// <param name="Member">Its index among all members.</param>
/// <param name="Start">The first of them in the order of <see cref="MemberBlocks"/>.</param>
/// <param name="Count">How many.</param>
internal readonly record struct MemberBlock(int Member, int Start, int Count);
