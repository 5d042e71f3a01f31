namespace MbpoML.Evaluation.Diagnostics;

/// <summary>The error of a frozen model under one policy.</summary>
/// <param name="Shift">How far the policy has moved from the one that collected the model's data.</param>
/// <param name="Error">The model's error on fresh transitions of the policy.</param>
public sealed record GeneralizationPoint(PolicyShift Shift, ModelError Error);
