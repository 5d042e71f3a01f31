namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>Rows, one after the other, that go through one member together.</summary>
/// <param name="Member">Its index.</param>
/// <param name="Start">The first row.</param>
/// <param name="Count">How many.</param>
internal readonly record struct MemberRows(int Member, int Start, int Count);
