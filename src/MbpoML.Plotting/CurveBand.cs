namespace MbpoML.Plotting;

/// <summary>What the bands around the means of learning curves show.</summary>
public enum CurveBand
{
    /// <summary>The standard deviation over seeds: how much a single run differs from the mean.</summary>
    StandardDeviation,

    /// <summary>
    /// The standard error, the standard deviation divided by the square root of the number of seeds: how well the mean is known. For comparing means.
    /// </summary>
    StandardError,
}
