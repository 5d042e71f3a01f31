namespace MbpoML.Algorithms.Offline;

/// <summary>How unsure an ensemble is of a step.</summary>
public enum ModelUncertainty
{
    /// <summary>The largest norm that a member's predicted standard deviations have, over all members: what MOPO has.</summary>
    LargestDeviation,

    /// <summary>The largest distance of an elite's mean from the mean of all elites.</summary>
    MeanDisagreement,

    /// <summary>The root of the elites' variance of means and noise, averaged over the outputs.</summary>
    EnsembleDeviation,
}
