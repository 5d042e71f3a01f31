namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>All that a verdict is made from.</summary>
/// <param name="Options">The limits.</param>
/// <param name="FittedQ">Fitted Q evaluation.</param>
/// <param name="Model">The members of the model.</param>
/// <param name="Distance">How far the policy goes from the log.</param>
/// <param name="Calibration">What the model is worth.</param>
/// <param name="Log">The log.</param>
internal sealed record VerdictInputs(
    OfflineJudge.Options Options, ComparedEstimate FittedQ, ComparedEstimate Model, DataDistance Distance, ModelCalibration Calibration,
    LogFacts Log);
