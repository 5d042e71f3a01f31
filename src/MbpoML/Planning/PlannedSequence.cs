namespace MbpoML.Planning;

/// <summary>Which sequence of a search is carried out.</summary>
public enum PlannedSequence
{
    /// <summary>The mean of the last distribution: it does not follow the errors of a learned model as far as the best one does.</summary>
    Mean,

    /// <summary>The best one of the last iteration.</summary>
    Best,
}
