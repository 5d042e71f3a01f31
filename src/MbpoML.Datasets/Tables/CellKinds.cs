namespace MbpoML.Datasets.Tables;

/// <summary>What all cells of a column of text can be read as.</summary>
[Flags]
internal enum CellKinds
{
    /// <summary>Nothing but text.</summary>
    None = 0,

    /// <summary>Numbers with a decimal point.</summary>
    Number = 1,

    /// <summary>Numbers with a decimal comma.</summary>
    CommaNumber = 2,

    /// <summary>true and false.</summary>
    Flag = 4,

    /// <summary>Dates and times.</summary>
    Time = 8,

    /// <summary>Whatever a cell can be.</summary>
    All = Number | CommaNumber | Flag | Time,
}
