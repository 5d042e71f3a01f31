namespace MbpoML.Datasets;

/// <summary>What a column of a log holds.</summary>
public enum ColumnKind
{
    /// <summary>Numbers or flags.</summary>
    Number,

    /// <summary>Dates and times.</summary>
    Time,

    /// <summary>Texts.</summary>
    Text,
}
