namespace MbpoML.Plotting;

/// <summary>How a series is drawn.</summary>
public enum SeriesStyle
{
    /// <summary>A line, with a band of one deviation to either side where there is one.</summary>
    Line,

    /// <summary>The same as <see cref="Line"/>, but dashed.</summary>
    Dashed,

    /// <summary>A marker at each point, with a vertical error bar where there is a deviation.</summary>
    Points,

    /// <summary>A line with a marker at each point, and with error bars where there is a deviation.</summary>
    LineAndPoints,

    /// <summary>
    /// A hair-thin half-transparent line, without its deviation: one of many, such as single rollouts. Those of one name and group share an entry in the
    /// legend.
    /// </summary>
    Thin,
}
