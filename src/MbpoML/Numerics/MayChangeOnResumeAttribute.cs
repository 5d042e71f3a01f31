namespace MbpoML.Numerics;

/// <summary>
/// Marks an option that a resumed run may have with another value than before: it changes how long the run goes on or where it computes, not what it learns.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MayChangeOnResumeAttribute : Attribute;
